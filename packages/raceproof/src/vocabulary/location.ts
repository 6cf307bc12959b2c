// A location: memory that two threads may share, named by its owner (class, class object, module, process) and path.

/** What kind of object holds the location. */
export type OwnerKind = "instance" | "class" | "module" | "process";

/**
 * What is known of the value stored at a location. "unknown" is an honest answer. iterator: written in C, used up by whoever takes from it.
 * generator: runs Python code. counter: itertools.count, which hands out each number once.
 */
export type ContainerKind =
  | "dict"
  | "list"
  | "set"
  | "deque"
  | "heap"
  | "weak-values"
  | "weak-keys"
  | "weak-set"
  | "iterator"
  | "generator"
  | "counter"
  | "integer"
  | "float"
  | "text"
  | "boolean"
  | "none"
  | "lock"
  | "thread-local"
  | "context-variable"
  | "queue"
  | "immutable"
  | "object"
  | "unknown";

export interface Location {
  /** Unique within a program: same key, same location (for all instances of the owner class). */
  readonly key: string;
  readonly ownerKind: OwnerKind;
  /**
   * Qualified owner: "pkg.module:Class" for instances and class objects, "pkg.module" for modules. For the process: the module or class
   * outside the program that holds it ("sys", "tempfile._TemporaryFileCloser"), "" for what the operating system keeps.
   */
  readonly owner: string;
  /** Attribute or global name, then element steps: "last_ino", "mount_points[]", "mount_points[]['used_size']". */
  readonly path: string;
  /** As a person would say it: "FakeFilesystem.last_ino", "helpers.USER_ID". */
  readonly display: string;
}

/** The first name of a location's path: the attribute or global that holds it. */
export function rootNameOf(location: Location): string {
  const bracket = location.path.search(/[[.]/);
  return bracket < 0 ? location.path : location.path.slice(0, bracket);
}

/** Key of the attribute or global that holds a location: the same for the container and its elements. */
export function holderKeyOf(location: Location): string {
  const bracket = location.key.indexOf("[", location.ownerKind.length + location.owner.length + 2);
  return bracket < 0 ? location.key : location.key.slice(0, bracket);
}

/** True for an element of a container rather than the attribute itself. */
export function isElement(location: Location): boolean {
  return location.path.endsWith("]");
}
