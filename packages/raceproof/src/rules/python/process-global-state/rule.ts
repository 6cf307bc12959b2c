// Shape 7: state of the whole module or process is changed by a function: `global x; x = ...`, os.umask, locale, working directory.
// Misses: stdlib module attributes replaced by assignment. Over-reports: settings meant to be made once before threads start.
import type { AccessFact, CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { processStateCalls } from "../../../models/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { draftHazard, interferingWith, ordinaryFunctions } from "../hazard-draft.ts";
import { doubtAboutStores } from "../idempotence.ts";
import { provokeGlobal } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/process-global-state",
  title: "Process-wide state changed by a call",
  severity: "wrong-answer",
  consequence: "A thread that sets the value for itself changes it for every other thread, and may read back what another one set.",
  sources: [
    "docs.python.org/3/library/os.html#os.umask and the POSIX definition of per-process attributes",
    "measured: 20 of 20 repeats on CPython 3.13t for a module-level setting; umask left at 0 in 11-20 of 20 repeats on every runtime",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Make it an argument or an instance attribute", cost: "medium", detail: "The caller that needs another value passes it." },
    { title: "Keep the value in a contextvars.ContextVar", cost: "low", detail: "Same get and set functions, one value per thread or task." },
    { title: "Document it as process-wide and set it before threads start", cost: "low", detail: "Only when it really is a setting of the program." },
  ],
};

function find(program: Program): Hazard[] {
  return ordinaryFunctions(program).flatMap((fn) => [...globalsIn(program, fn), ...processCallsIn(program, fn)]);
}

const maySettle: Doubt = { steps: 1, because: "may be a setting that is made once, before threads start" };

function globalsIn(program: Program, fn: FunctionFact): Hazard[] {
  const writes = fn.accesses.filter(isGlobalWrite);
  return [...new Set(writes.map((access) => access.location.key))].map((key) => {
    const own = writes.filter((access) => access.location.key === key);
    const main = own[0] as AccessFact;
    const belief = doubt(beliefInSharing(program, main), [doubtAboutStores(program, main) ?? maySettle]);
    return draftHazard(program, metadata, {
      main,
      sequence: own,
      interfering: interferingWith(program, main, (other) => other.functionId !== main.functionId),
      ...belief,
      message: `${fn.qualifiedName} rebinds the module global ${main.location.display}: the change is visible to every thread`,
    });
  });
}

function isGlobalWrite(access: AccessFact): boolean {
  const rebinds = access.kind === "write" && (access.operation === "=" || access.operation === "del");
  return rebinds && access.location.ownerKind === "module" && access.sharing === "shared" && access.lockset.length === 0;
}

/** Calls that change the process and whose old value is put back later: the window in between is everybody's. */
function processCallsIn(program: Program, fn: FunctionFact): Hazard[] {
  const calls = fn.calls.filter((call) => processStateCalls.has(call.external ?? "") && call.lockset.length === 0);
  const stateOf = (call: CallFact): string => processStateCalls.get(call.external ?? "")?.state ?? "";
  return [...new Set(calls.map(stateOf))].flatMap((state) => {
    const own = calls.filter((call) => stateOf(call) === state);
    return own.length > 1 ? [processHazard(program, fn, state, own)] : [];
  });
}

function processHazard(program: Program, fn: FunctionFact, state: string, calls: readonly CallFact[]): Hazard {
  const sequence = calls.map((call) => accessOfCall(call, fn, state));
  const main = sequence[0] as AccessFact;
  return draftHazard(program, metadata, {
    main,
    sequence,
    interfering: [],
    confidence: "high",
    evidence: [`the ${state} belongs to the whole process`],
    message: `${main.text} changes the ${state} and line ${(sequence.at(-1) as AccessFact).span.line} puts it back: two threads leave it changed`,
  });
}

function accessOfCall(call: CallFact, fn: FunctionFact, state: string): AccessFact {
  return {
    id: -1,
    functionId: fn.id,
    function: fn.qualifiedName,
    kind: "write",
    operation: call.text,
    order: call.order,
    span: call.span,
    statement: call.statement,
    location: { key: `process::${state}`, ownerKind: "process", owner: "", path: state, display: state },
    lockset: call.lockset,
    text: call.text,
    sharing: "shared",
    container: "unknown",
    key: undefined,
    origins: call.origins,
    stored: "other",
    handled: call.handled,
    guessed: false,
  };
}

export const rule: Rule = { metadata, find, provoke: provokeGlobal };
