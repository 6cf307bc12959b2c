// Verbs that people give to functions which prepare an object or a program for its work, normally before other threads use it.
// Source: unittest's setUp, distutils' setup, and the life cycles of servers and connections in the standard library (open, connect, start).

const verbs = "set_?up|initiali[sz]e|init|start|begin|open|connect|configure|create|prepare|patch";
const first = new RegExp(`^_*(${verbs})(_|$)`, "i");
const last = new RegExp(`_(${verbs})$`, "i");

/** `setUp`, `_open_files`, `Client.connect`, `on_start`, but not `restart` or `is_open_for`. */
export function namesSetUp(qualifiedName: string): boolean {
  const name = qualifiedName.slice(qualifiedName.lastIndexOf(".") + 1);
  return first.test(name) || last.test(name);
}
