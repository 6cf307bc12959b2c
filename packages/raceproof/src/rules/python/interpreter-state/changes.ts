// A program in, the changes that each function makes to state outside the program out: calls and stores, in program order.
// It groups; whether a change is worth a report is decided by the rule.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { processContainers, processStateCalls } from "../../../models/index.ts";
import type { ProcessStateRow } from "../../../models/index.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { accessOfProcess } from "../process-access.ts";
import { callsByFunction, indexOf } from "../program-index.ts";

/** What one function does to one piece of state, without a lock. */
export interface Change {
  readonly fn: FunctionFact;
  /** Name of the state: "process umask", "sys.stdout". */
  readonly state: string;
  /** In program order, never empty. */
  readonly steps: readonly AccessFact[];
  /** The table row of each step that is a call. */
  readonly rows: readonly ProcessStateRow[];
}

export function changesIn(program: Program): Change[] {
  return [...changesByCall(program), ...changesByStore(program)];
}

function changesByCall(program: Program): Change[] {
  const calls = callsByFunction(indexOf(program).callsTo(processStateCalls.keys()));
  return [...calls].flatMap(([id, own]) => changesByCallIn(program.functions[id] as FunctionFact, own));
}

function changesByCallIn(fn: FunctionFact, calls: readonly CallFact[]): Change[] {
  if (fn.phase === "import") return [];
  const out: { fn: FunctionFact; state: string; steps: AccessFact[]; rows: ProcessStateRow[] }[] = [];
  for (const call of calls) {
    const row = call.external === undefined ? undefined : processStateCalls.get(call.external);
    if (!row || call.lockset.length > 0) continue;
    const known = out.find(({ state }) => state === row.state);
    const step = accessOfProcess(call, fn, row.state);
    if (known) {
      known.steps.push(step);
      known.rows.push(row);
    } else out.push({ fn, state: row.state, steps: [step], rows: [row] });
  }
  return out;
}

function changesByStore(program: Program): Change[] {
  const out: Change[] = [];
  for (const { location, accesses } of program.locations.values()) {
    if (location.ownerKind !== "process") continue;
    const byFunction = new Map<number, AccessFact[]>();
    for (const access of accesses) {
      if (!isChange(access)) continue;
      const known = byFunction.get(access.functionId);
      if (known) known.push(access);
      else byFunction.set(access.functionId, [access]);
    }
    for (const [id, steps] of byFunction) {
      const fn = program.functions[id];
      if (fn && !steps.every(isQuiet)) out.push({ fn, state: location.display, steps, rows: [] });
    }
  }
  return out;
}

function isChange(access: AccessFact): boolean {
  if (access.sharing !== "shared" || access.lockset.length > 0) return false;
  return isRebound(access) || (processContainers.has(access.location.display) && addsOrRemoves(access.operation));
}

function isRebound({ kind, operation }: AccessFact): boolean {
  return kind === "update" || operation === "=" || operation === "del";
}

/** Filling a cache of the interpreter that is meant to be filled. */
function isQuiet(access: AccessFact): boolean {
  return access.operation === "[]=" && processContainers.get(access.location.display)?.filledByDesign === true;
}
