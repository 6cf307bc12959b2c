// A function in, the elements it takes, removes or puts in by a key that it asked a method of the same object about out:
// `if not self.can_send(node): return` ... `self.connections[node].send()`, where others take connections away;
// `if not self.has(key): self.entries[key] = value`.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { adds, needsElement, removes } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { interferingWith, sharesLock } from "../hazard-draft.ts";
import { handlesAbsence } from "./direct-pairs.ts";

export interface AskedElement {
  readonly question: CallFact;
  readonly act: AccessFact;
  /** Who may have removed the element; for one that is put in or removed here, anybody may have. */
  readonly removers: readonly AccessFact[];
}

export function askedElementsIn(program: Program, fn: FunctionFact): AskedElement[] {
  const out = new Map<string, AskedElement>();
  for (const act of fn.accesses) {
    if (act.sharing !== "shared" || act.key === undefined || handlesAbsence(act.handled) || out.has(act.location.key)) continue;
    if (!needsElement(act.operation) && !adds(act.operation)) continue;
    const question = fn.calls.find((call) => isAskedBefore(program, fn, call, act));
    if (!question) continue;
    const changesIt = adds(act.operation) || removes(act.operation);
    const removers = interferingWith(program, act, (other) => removes(other.operation) && other.functionId !== fn.id);
    if (removers.length > 0 || changesIt) out.set(act.location.key, { question, act, removers });
  }
  return [...out.values()];
}

/** It has the key, looks into the container for it and leaves it as it is; its answer decides whether the element is taken. */
function isAskedBefore(program: Program, fn: FunctionFact, call: CallFact, act: AccessFact): boolean {
  if (call.order >= act.order || call.targets.length === 0 || call.lockset.some((lock) => act.lockset.includes(lock))) return false;
  if (!call.origins.some((origin) => act.origins.includes(origin))) return false;
  if (!fn.tests.some((test) => isInCondition(call.order, test) && controls(test, act.order))) return false;
  return call.targets.some((target) => {
    const looks = (program.functions[target]?.accesses ?? []).filter((access) => access.location.key === act.location.key);
    const asks = looks.some(({ operation }) => operation === "in" || operation === "get" || operation === "[]");
    return asks && !program.effectsOf(target).mutations.has(act.location.key) && !looks.every((look) => sharesLock(look, act));
  });
}
