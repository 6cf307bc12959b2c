// Decorators of other packages that hold a lock around every call, one per object (or per function outside of classes).
// Sources: wrapt.readthedocs.io/en/latest/examples.html#thread-synchronization; fasteners.readthedocs.io (locked);
// cython.readthedocs.io, "Free threading": critical_section on the first argument of a method, or as a manager on an object.

/** By fully qualified name. */
const lockingDecorators: ReadonlySet<string> = new Set(["wrapt.synchronized", "wrapt.decorators.synchronized", "fasteners.locked", "fasteners.lock.locked"]);

/** Also by its last name alone, which promises as much: "synchronized". A file that others include need not name where `cython` comes from. */
export function isLockingDecorator(name: string): boolean {
  return lockingDecorators.has(name) || /(^|\.)(synchronized|cython\.critical_section)$/.test(name);
}
