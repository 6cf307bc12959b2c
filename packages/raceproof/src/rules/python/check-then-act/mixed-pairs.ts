// A function in, its checks of a shared container that it sees itself and whose answer a call acts on out:
// `if key not in self.items: self.add(key)`, `if self.items: self.remove_first()`, `if directory.entries: fail(); remove(directory)`.
import type { AccessFact, CallFact, FunctionFact, TestFact } from "../../../vocabulary/index.ts";
import { controls } from "../controlled-by.ts";
import { decides, handlesAbsence } from "./direct-pairs.ts";
import type { ReachedContainers } from "./reached-containers.ts";

export interface MixedPair {
  readonly check: AccessFact;
  readonly act: CallFact;
  readonly test: TestFact;
}

/** What is further away than this many calls was not asked about. */
const deepestAct = 4;

/** At most one per function and container: the act that reaches it by the fewest calls. */
export function mixedPairsIn(fn: FunctionFact, checks: readonly AccessFact[], reached: ReachedContainers): MixedPair[] {
  const found = new Map<string, { readonly pair: MixedPair; readonly depth: number }>();
  for (const test of fn.tests) {
    for (const check of checks) {
      if (test.kind === "comprehension" || !decides(check, test)) continue;
      const next = nearestAct(fn, test, check, reached);
      const known = found.get(check.location.key);
      if (next && (!known || next.depth < known.depth)) found.set(check.location.key, { pair: { check, act: next.act, test }, depth: next.depth });
    }
  }
  return [...found.values()].map(({ pair }) => pair);
}

function nearestAct(fn: FunctionFact, test: TestFact, check: AccessFact, reached: ReachedContainers): { act: CallFact; depth: number } | undefined {
  let best: { act: CallFact; depth: number } | undefined;
  for (const act of fn.calls) {
    if (act.targets.length === 0 || !controls(test, act.order) || act.lockset.length > 0 || act.sharing !== "shared" || handlesAbsence(act.handled)) continue;
    if (!concernsChecked(check, act, reached)) continue;
    const depth = reached.depthOf(act, check.location.key, check.operation === "in" ? "changes" : "removes");
    if (depth <= deepestAct && (!best || depth < best.depth)) best = { act, depth };
  }
  return best;
}

/** It is handed the key, the container, or what the container was found with; or works on the same object and fails when nothing is there. */
function concernsChecked(check: AccessFact, act: CallFact, reached: ReachedContainers): boolean {
  if (act.origins.some((origin) => check.origins.includes(origin))) return true;
  return act.origins.length === 0 && check.operation !== "in" && ownerOf(check.text) === ownerOf(act.text) && reached.needsElementAt(act, check.location.key);
}

/** "self.store" of "self.store.items". */
const ownerOf = (text: string): string => text.slice(0, Math.max(0, text.lastIndexOf(".")));
