// A comparison in; each function from which something was fixed, with what is left in it, out. Pure.
// A function is known by its name: one that moved to another file is the same.
import type { Hazard, MendedFunction } from "../vocabulary/index.ts";
import type { Comparison } from "./compare-audits.ts";

export function mendedFunctions({ fixed, remaining, added }: Comparison): MendedFunction[] {
  const found = new Map<string, { file: string; fixed: Hazard[]; left: Hazard[] }>();
  for (const hazard of fixed) {
    const known = found.get(hazard.function);
    if (known) known.fixed.push(hazard);
    else if (!/^<.*>$/.test(hazard.function)) found.set(hazard.function, { file: hazard.span.file, fixed: [hazard], left: [] });
  }
  for (const hazard of [...remaining.map(({ after }) => after), ...added]) found.get(hazard.function)?.left.push(hazard);
  return [...found].map(([name, each]) => ({ name, ...each }));
}
