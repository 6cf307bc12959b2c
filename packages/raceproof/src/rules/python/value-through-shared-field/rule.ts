// A value meant for one call is handed to it through a field of a shared object that the function has looked up.
// Misses: values read back after the function has returned. Over-reports: fields that are the object's own state and happen to be read.
import type { AccessFact, CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { provokePassing } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/value-through-shared-field",
  title: "Argument passed through a field of a shared object",
  severity: "wrong-answer",
  consequence: "Two calls for one object overwrite each other's value: the second one's name, mode or owner is used for both.",
  sources: [
    "Artho, Havelund, Biere, Using Block-Local Atomicity to Detect Stale-Value Concurrency Errors, ATVA 2004",
    "measured: wrong names in 20 of 20 repeats on CPython 3.13t, with the GIL, and on PyPy",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Pass it as an argument", cost: "low", detail: "The callee takes the value as a parameter and does not look at the field." },
    { title: "Hold the object's lock over store and call", cost: "medium", detail: "Everything else that stores the field takes it too." },
  ],
};

interface Passing {
  readonly store: AccessFact;
  readonly call: CallFact;
  readonly read: AccessFact | undefined;
}

/** Further down than this, the callee reads the field for reasons of its own. */
const deepestRead = 2;

function find(program: Program): Hazard[] {
  const functions = indexOf(program).functionsDoing(openly(activity.store));
  return functions.flatMap((fn) => passingsIn(program, fn).map((passing) => hazardOf(program, fn, passing)));
}

function passingsIn(program: Program, fn: FunctionFact): Passing[] {
  const isParameter = (origin: string): boolean => fn.parameters.some(({ name }) => name === origin);
  const out = new Map<string, Passing>();
  for (const store of fn.accesses) {
    if (!mayCarry(store) || out.has(store.location.key) || !store.origins.some(isParameter)) continue;
    const object = store.text.slice(0, store.text.lastIndexOf("."));
    if (!isLookedUp(program, fn, object)) continue;
    const call = fn.calls.find((each) => each.order > store.order && takes(program, each, object) && reads(program, each, store));
    if (call) out.set(store.location.key, { store, call, read: readIn(program, call, store) });
  }
  return [...out.values()];
}

function mayCarry({ kind, operation, stored, sharing, lockset, location, text }: AccessFact): boolean {
  if (kind !== "write" || operation !== "=" || stored !== "other" || sharing !== "shared" || lockset.length > 0) return false;
  return location.ownerKind === "instance" && /^\w+\.\w+$/.test(text) && !/^(self|cls)\./.test(text);
}

/** `object = self.find(path)`: somebody else may find the same one. */
function isLookedUp(program: Program, fn: FunctionFact, object: string): boolean {
  return fn.calls.some((call) => {
    if (call.targets.length === 0 || call.targets.some((target) => program.functions[target]?.phase === "construction")) return false;
    return program.sourceOf(call.statement).startsWith(`${object} = ${call.text}(`);
  });
}

function takes(program: Program, call: CallFact, object: string): boolean {
  if (call.lockset.length > 0 || call.targets.length === 0) return false;
  return call.text.startsWith(`${object}.`) || new RegExp(`[(,=] ?${object}[,)]`).test(program.sourceOf(call.span));
}

function reads(program: Program, call: CallFact, store: AccessFact): boolean {
  return call.targets.some((target) => (program.effectsOf(target).reads.get(store.location.key) ?? Number.POSITIVE_INFINITY) <= deepestRead);
}

function readIn(program: Program, call: CallFact, store: AccessFact): AccessFact | undefined {
  const all = program.locations.get(store.location.key)?.accesses ?? [];
  return all.find((access) => call.targets.includes(access.functionId) && access.kind !== "write");
}

function hazardOf(program: Program, fn: FunctionFact, { store, call, read }: Passing): Hazard {
  const where = read ? `${read.function} (line ${read.span.line})` : `${call.text}()`;
  return draftHazard(program, metadata, {
    main: store,
    sequence: [store, callAsAccess(call, fn, "call", store)],
    interfering: interferingWith(program, store, (other) => other.id !== store.id && other.kind === "write"),
    ...beliefInSharing(program, store),
    message: `${store.text} carries an argument to ${where}: another call for the same object overwrites it before line ${call.span.line} has used it`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokePassing };
