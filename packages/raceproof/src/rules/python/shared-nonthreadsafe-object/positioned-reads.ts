// A program in, functions that set the position of a file kept in a field or global and then read or write there out.
// Source: docs.python.org/3/library/io.html ("Multi-threading": buffered objects lock each call, not the pair; text objects not at all).
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { callsByFunction, indexOf } from "../program-index.ts";

export interface PositionedUse {
  /** The file, at the two calls. */
  readonly seek: AccessFact;
  readonly use: AccessFact;
}

const usesOfPosition: ReadonlySet<string> = new Set(["read", "readline", "readlines", "readinto", "read1", "write", "writelines", "tell"]);

export function positionedUses(program: Program): PositionedUse[] {
  const seeks = callsByFunction(indexOf(program).callsNamed(["seek"]));
  return [...seeks].flatMap(([id, own]) => {
    const fn = program.functions[id] as FunctionFact;
    if (fn.phase !== "ordinary") return [];
    const seen = new Set<string>();
    return own.flatMap((call) => {
      const file = call.text.slice(0, Math.max(0, call.text.lastIndexOf(".")));
      const seek = file === "" || seen.has(file) ? undefined : accessOf(fn, call, file);
      const next =
        seek &&
        fn.calls.find(({ text, order }) => order > call.order && text.startsWith(`${file}.`) && usesOfPosition.has(text.slice(text.lastIndexOf(".") + 1)));
      const use = next && accessOf(fn, next, file);
      if (!seek || !use || seek.location.key !== use.location.key) return [];
      seen.add(file);
      return [{ seek, use }];
    });
  });
}

/** The read of the file that the call is made on. */
function accessOf(fn: FunctionFact, { order }: CallFact, file: string): AccessFact | undefined {
  return fn.accesses.find((access) => access.order === order && access.text === file && access.sharing === "shared" && access.lockset.length === 0);
}
