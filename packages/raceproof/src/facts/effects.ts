// Function facts in, transitive effects out: which locations a call may check, read, write or restructure.
// Source: summaries composed bottom-up over the call graph (RacerD), here by iteration to a fixpoint.
import type { AccessFact, EffectSummary, FunctionFact } from "../vocabulary/index.ts";
import { changesStructure } from "./usage.ts";

interface MutableEffects {
  readonly checks: Map<string, number>;
  readonly reads: Map<string, number>;
  readonly writes: Map<string, number>;
  readonly mutations: Map<string, number>;
}

export function summarizeEffects(functions: readonly FunctionFact[]): (functionId: number) => EffectSummary {
  const effects = functions.map(ownEffects);
  // Callees before callers converges in few rounds whatever the order is; cycles need the loop.
  for (let changed = true; changed; ) {
    changed = false;
    for (const fn of functions) {
      const own = effects[fn.id] as MutableEffects;
      for (const call of fn.calls) {
        if (call.sharing === "fresh") continue;
        for (const target of call.targets) {
          const callee = functions[target];
          if (callee && callee.phase !== "construction" && addAll(own, effects[target] as MutableEffects)) changed = true;
        }
      }
    }
  }
  return (functionId) => effects[functionId] as MutableEffects;
}

function ownEffects(fn: FunctionFact): MutableEffects {
  const own: MutableEffects = { checks: new Map(), reads: new Map(), writes: new Map(), mutations: new Map() };
  for (const access of fn.accesses) if (access.sharing === "shared") addAccess(own, access);
  return own;
}

function addAccess(own: MutableEffects, access: AccessFact): void {
  const { key } = access.location;
  switch (access.kind) {
    case "check":
    case "iterate":
      own.checks.set(key, 0);
      own.reads.set(key, 0);
      return;
    case "read":
      own.reads.set(key, 0);
      if (access.operation === "[]") own.checks.set(key, 0);
      return;
    case "write":
    case "update":
      own.writes.set(key, 0);
      if (changesStructure(access.operation)) own.mutations.set(key, 0);
      return;
    case "call":
      if (changesStructure(access.operation)) {
        own.writes.set(key, 0);
        own.mutations.set(key, 0);
      } else own.reads.set(key, 0);
  }
}

const parts = ["checks", "reads", "writes", "mutations"] as const;

function addAll(into: MutableEffects, from: MutableEffects): boolean {
  let changed = false;
  for (const part of parts) {
    for (const [key, depth] of from[part]) {
      const known = into[part].get(key);
      if (known !== undefined && known <= depth + 1) continue;
      into[part].set(key, depth + 1);
      changed = true;
    }
  }
  return changed;
}
