// Objects that belong to one call or were made by it: nobody else can change them.
// Sources: docs.python.org/3/c-api/call.html (args tuple and keyword dict of a call are made for it).
import type { NativeFunction, NativeOrigin } from "../../vocabulary/index.ts";

const keywordNames = /^(kw|kwds|kwargs|kwnames|keywords|kwarg)$/;

/** The object is fresh, unknown, or the argument tuple or keyword dict that the interpreter made for this call. */
export function isPrivateArgument(fn: NativeFunction, origin: NativeOrigin): boolean {
  if (origin.root.kind !== "parameter") return origin.root.kind !== "static" && origin.root.kind !== "result";
  if (origin.path.length > 0) return false;
  return fn.entries.length > 0 && keywordNames.test(fn.parameters[origin.root.index]?.name ?? "");
}
