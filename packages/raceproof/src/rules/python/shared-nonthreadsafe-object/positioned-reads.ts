// A program in, functions that set the position of a file kept in a field or global and then read or write there out.
// Source: docs.python.org/3/library/io.html ("Multi-threading": buffered objects lock each call, not the pair; text objects not at all).
import type { AccessFact, Location, Program } from "../../../vocabulary/index.ts";

export interface PositionedUse {
  readonly file: Location;
  readonly seek: AccessFact;
  readonly use: AccessFact;
}

const usesOfPosition = ["read", "readline", "readlines", "readinto", "read1", "write", "writelines", "truncate", "tell"];
const step = ".seek";

export function positionedUses(program: Program): PositionedUse[] {
  const out: PositionedUse[] = [];
  for (const [key, { accesses }] of program.locations) {
    if (!key.endsWith(step)) continue;
    const file = program.locations.get(key.slice(0, -step.length))?.location;
    if (!file) continue;
    const seen = new Set<number>();
    const uses = usesOfPosition.flatMap((method) => program.locations.get(`${file.key}.${method}`)?.accesses ?? []);
    for (const seek of accesses) {
      if (seek.sharing !== "shared" || seek.lockset.length > 0 || seen.has(seek.functionId)) continue;
      const use = uses.find(({ functionId, order, lockset }) => functionId === seek.functionId && order > seek.order && lockset.length === 0);
      if (!use) continue;
      seen.add(seek.functionId);
      out.push({ file, seek, use });
    }
  }
  return out;
}
