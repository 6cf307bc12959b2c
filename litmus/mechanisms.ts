// One mechanism of Python per program: a folder with subject.py, whose class Program is all there is. Enters: the folder.
// Leaves: a driver that nobody wrote: a thread for each public method, or two threads for the only one; with a garbage collection
// where the text asks for one.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DriverText } from "../packages/raceproof/src/vocabulary/index.ts";

const publicMethod = /^ {4}def ([a-z]\w*)\(self\b/gm;

export function mechanismDriver(folder: string, name: string): DriverText {
  const text = readFileSync(join(folder, "subject.py"), "utf8");
  const found = [...text.slice(text.indexOf("\nclass Program")).matchAll(publicMethod)].map(([, method]) => method ?? "");
  const collection = text.includes("(collects garbage)") ? ["collects_garbage = True\n"] : [];
  const methods = found.length + collection.length === 1 ? [...found, ...found] : found;
  const operations = methods.map((method, thread) => `def operation_${thread}_${method}(program):\n    return program.${method}()\n`);
  return { name, source: ["from subject import Program\n", ...collection, "def setup():\n    return Program()\n", ...operations].join("\n\n") };
}

/** The first version of CPython that can compile the program. */
export function isTooNewFor(folder: string, version: string): boolean {
  const since = /\(since 3\.(\d+)\)/.exec(readFileSync(join(folder, "subject.py"), "utf8"))?.[1];
  return since !== undefined && Number(version.split(".")[1]) < Number(since);
}
