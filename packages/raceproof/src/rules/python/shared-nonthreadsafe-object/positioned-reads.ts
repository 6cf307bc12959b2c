// A program in, functions that set the position of a file kept in a field or global and then read or write there out.
// Source: docs.python.org/3/library/io.html ("Multi-threading": buffered objects lock each call, not the pair; text objects not at all).
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

export interface PositionedUse {
  /** The file, at the two calls. */
  readonly seek: AccessFact;
  readonly use: AccessFact;
}

const usesOfPosition: ReadonlySet<string> = new Set(["read", "readline", "readlines", "readinto", "read1", "write", "writelines", "tell"]);
const step = ".seek";

export function positionedUses(program: Program): PositionedUse[] {
  return program.functions.flatMap((fn) => {
    if (fn.phase !== "ordinary") return [];
    const seen = new Set<string>();
    return fn.calls.flatMap((call) => {
      const file = call.text.endsWith(step) ? call.text.slice(0, -step.length) : undefined;
      const seek = file === undefined || seen.has(file) ? undefined : accessOf(fn, call, file);
      const next = seek && fn.calls.find(({ text, order }) => order > call.order && text.startsWith(`${file}.`) && usesOfPosition.has(text.slice(text.lastIndexOf(".") + 1)));
      const use = next && accessOf(fn, next, file as string);
      if (!seek || !use || seek.location.key !== use.location.key) return [];
      seen.add(file as string);
      return [{ seek, use }];
    });
  });
}

/** The read of the file that the call is made on. */
function accessOf(fn: FunctionFact, { order }: CallFact, file: string): AccessFact | undefined {
  return fn.accesses.find((access) => access.order === order && access.text === file && access.sharing === "shared" && access.lockset.length === 0);
}
