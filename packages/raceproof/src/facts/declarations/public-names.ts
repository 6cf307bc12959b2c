// A function in, whether users of the library may call it out: by its name, and by whether it is Python's at all.
import type { FunctionDeclaration } from "./declarations.ts";

/** No part of the name is private; dunder methods are called by the language. */
export function isPublic(fn: FunctionDeclaration): boolean {
  const { tree } = fn.module;
  if (tree.hidden?.has(tree.start[fn.node] as number) === true) return false;
  return fn.qualifiedName.split(".").every((part) => !part.startsWith("_") || /^__\w+__$/.test(part)) && fn.role !== "nested";
}
