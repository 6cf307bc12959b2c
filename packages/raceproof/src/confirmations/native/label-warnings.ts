// What the compiler itself says of labels. Enters: the log of a build with -Wpedantic, hazards. Leaves: a confirmation for those at the same line.
// A label before the end of a block is an error before C23 (C11 6.8.1); compilers of today accept it and warn.
import type { Confirmation, Hazard, Runtime } from "../../vocabulary/index.ts";

const warning = /^[ \t]*(\S+?):(\d+):\d+: (?:warning|error): (label at end of compound statement[^[\n]*)/gm;

export function confirmLabels(log: string, hazards: readonly Hazard[], runtime: Runtime): ReadonlyMap<string, Confirmation> {
  const told = [...log.matchAll(warning)].map(([, file = "", line = "0", text = ""]) => ({
    file: file.replace(/^(?:\.\.?\/)+/, ""),
    line: Number(line),
    text,
  }));
  return new Map(
    hazards.flatMap(({ id, span, accesses }) => {
      // The label's own line, or the one after it. A hazard of syntax has no accesses.
      const found = told.find(({ file, line }) => accesses.length === 0 && span.file.endsWith(file) && line <= span.line && span.line <= line + 1);
      const reason = `the compiler says so, with the headers of ${runtime.id}: ${found?.text.trim() ?? ""} (line ${found?.line ?? 0})`;
      return found === undefined ? [] : [[id, { verdict: "confirmed", reason, rungs: [], runtimes: [], uncontrolled: [], drivers: [] } satisfies Confirmation]];
    }),
  );
}
