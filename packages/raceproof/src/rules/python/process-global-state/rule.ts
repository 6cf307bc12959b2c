// Shape 7: a function rebinds a global of a module of the program: `global x; x = ...`, `module.x = ...`.
// Misses: state of other modules and of the process (a rule of its own). Over-reports: settings meant to be made once before threads start.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { doubtAboutStores } from "../idempotence.ts";
import { isProgramEntry } from "../program-entry.ts";
import { accessesByLocation, indexOf } from "../program-index.ts";
import { isSoleSetter } from "../sole-setter.ts";
import { borrowedGlobals } from "./borrowed-globals.ts";
import type { BorrowedGlobal } from "./borrowed-globals.ts";
import { provokeGlobal } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/process-global-state",
  title: "Module global rebound by a call",
  severity: "wrong-answer",
  consequence: "A thread that sets the value for itself changes it for every other thread, and may read back what another one set.",
  sources: [
    "docs.python.org/3/faq/programming.html#how-do-i-share-global-variables-across-modules",
    "measured: 20 of 20 repeats on CPython 3.13t for a module-level setting",
  ],
  since: "0.1.0",
  guardedShape: "global-store",
  fixes: [
    { title: "Make it an argument or an instance attribute", cost: "medium", detail: "The caller that needs another value passes it." },
    { title: "Keep the value in a contextvars.ContextVar", cost: "low", detail: "Same get and set functions, one value per thread or task." },
    { title: "Document it as process-wide and set it before threads start", cost: "low", detail: "Only when it really is a setting of the program." },
  ],
};

function find(program: Program): Hazard[] {
  const stores = storesByFunction(program);
  const borrowed = borrowedGlobals(program, stores);
  return [
    ...[...stores].flatMap(([id, writes]) => globalsIn(program, program.functions[id] as FunctionFact, writes)),
    ...borrowed.map((each) => hazardOfBorrowed(program, each)),
  ];
}

/** Unguarded stores to globals, by the function that makes them. */
function storesByFunction(program: Program): Map<number, AccessFact[]> {
  const out = new Map<number, AccessFact[]>();
  for (const { location, accesses } of indexOf(program).locationsDoing(openly(activity.write))) {
    if (location.ownerKind !== "module") continue;
    for (const access of accesses) {
      if (!isGlobalWrite(access) || program.functions[access.functionId]?.phase === "import") continue;
      const known = out.get(access.functionId);
      if (known) known.push(access);
      else out.set(access.functionId, [access]);
    }
  }
  return out;
}

const maySettle: Doubt = { steps: 1, because: "may be a setting that is made once, before threads start" };

function globalsIn(program: Program, fn: FunctionFact, writes: readonly AccessFact[]): Hazard[] {
  return [...accessesByLocation(writes).values()].map((own) => {
    const main = own[0] as AccessFact;
    const belief = doubt(beliefInSharing(program, main), [
      doubtAboutStores(program, main) ?? doubtAboutOwnName(fn, main) ?? doubtAboutCompanion(program, fn, main) ?? maySettle,
      isSetting(program, fn, own) && { steps: 1, because: `only ${fn.qualifiedName} sets it, and nothing in the library calls that: the last one wins` },
      isProgramEntry(program, fn) && { steps: 1, because: `${fn.qualifiedName} starts the program: the process is its own` },
    ]);
    return draftHazard(program, metadata, {
      main,
      sequence: own,
      interfering: interferingWith(program, main, (other) => other.functionId !== main.functionId),
      ...belief,
      message: `${fn.qualifiedName} rebinds the module global ${main.location.display}: the change is visible to every thread`,
    });
  });
}

/** `def set_limit(value): global limit; limit = value`, for users to call once. */
function isSetting(program: Program, fn: FunctionFact, writes: readonly AccessFact[]): boolean {
  if (fn.parameters.length === 0 || !isSoleSetter(program, fn, writes)) return false;
  return fn.callers.every((id) => program.functions[id]?.phase === "import");
}

/** `def wait(...): global wait; wait = best_wait()`: a function that chooses its implementation on first use chooses the same each time. */
function doubtAboutOwnName(fn: FunctionFact, write: AccessFact): Doubt | undefined {
  return fn.qualifiedName === write.location.path && fn.module === write.location.owner
    ? { steps: 2, because: "the function replaces itself by the implementation that it chose" }
    : undefined;
}

/** `if _a is None: _b = ...; _a = ...`: tables that are filled together, once. */
function doubtAboutCompanion(program: Program, fn: FunctionFact, write: AccessFact): Doubt | undefined {
  const alone = interferingWith(program, write, (other) => other.kind !== "read" && other.functionId !== write.functionId).length === 0;
  const check = fn.accesses.find((access) => access.kind === "check" && access.location.ownerKind === "module" && access.order < write.order);
  const companion = alone && check ? fn.accesses.find((access) => isGlobalWrite(access) && access.location.key === check.location.key) : undefined;
  const doubted = companion && doubtAboutStores(program, companion);
  return doubted && { steps: doubted.steps, because: `set together with ${companion.location.display}: ${doubted.because}` };
}

function isGlobalWrite(access: AccessFact): boolean {
  const rebinds = access.kind === "write" && (access.operation === "=" || access.operation === "del");
  return rebinds && access.location.ownerKind === "module" && access.sharing === "shared" && access.lockset.length === 0;
}

/** Two objects alive at once undo each other's setting. */
function hazardOfBorrowed(program: Program, { fn, call, store, undo }: BorrowedGlobal): Hazard {
  const main = callAsAccess(call, fn, "write", store);
  const back = callAsAccess(undo.call, undo.fn, "write", store);
  return draftHazard(program, metadata, {
    main,
    sequence: [main],
    interfering: [back, store],
    ...doubt(beliefInSharing(program, store), [maySettle]),
    message: `${call.text} sets the module global ${store.location.display} until ${undo.fn.qualifiedName} calls ${undo.call.text}: two objects alive at once undo each other's setting`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeGlobal };
