// A function in, whether users of the library may call it out: by its name alone.
import type { FunctionDeclaration } from "./declarations.ts";

/** No part of the name is private; dunder methods are called by the language. */
export function isPublic(fn: FunctionDeclaration): boolean {
  return fn.qualifiedName.split(".").every((part) => !part.startsWith("_") || /^__\w+__$/.test(part)) && fn.role !== "nested";
}
