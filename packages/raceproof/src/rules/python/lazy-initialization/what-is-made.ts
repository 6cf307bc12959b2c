// A lazy store in, whether it matters that two threads may make the value twice out, as doubts with their reasons.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import type { Doubt } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { doubtAboutStores } from "../idempotence.ts";
import { whyIdentityMatters } from "../made-identity.ts";
import type { LazyStore } from "./lazy-stores.ts";

export interface Making {
  /** Why making it twice matters, as the end of a sentence; undefined when nothing says so. */
  readonly matters: string | undefined;
  readonly doubt: Doubt | undefined;
}

export function makingOf(program: Program, fn: FunctionFact, lazy: LazyStore): Making {
  const matters = whyItMatters(program, fn, lazy);
  if (matters !== undefined) return { matters, doubt: undefined };
  const { stored } = lazy.store;
  const plain = stored === "constant" || stored === "derived" || stored === "masked";
  if (!plain && /^self\.\w+$/.test(lazy.store.text) && usesLocks(program, fn.owner))
    return { matters, doubt: { steps: 1, because: "harmless when two of them are equal and the second is thrown away" } };
  return { matters, doubt: doubtAboutStores(program, lazy.store) ?? { steps: 2, because: "nothing says that it matters when it is made twice" } };
}

/** The class is meant for several threads: some method of it changes the object under a lock. */
function usesLocks(program: Program, owner: string | undefined): boolean {
  const methods = owner === undefined ? [] : program.lineageOf(owner).flatMap((cls) => [...cls.methods.values()]);
  return methods.some((id) => program.functions[id]?.accesses.some((access) => access.lockset.length > 0 && changesOwnState(access)) === true);
}

function whyItMatters(program: Program, fn: FunctionFact, { check, store, branch }: LazyStore): string | undefined {
  const calls = fn.calls.filter((call) => call.order > check.order && isInStatement(call, store));
  const identity = whyIdentityMatters(program, fn, store);
  if (identity !== undefined) return identity;
  const filling = fn.accesses.find((access) => isFilling(access, store) && access.order < branch[1]);
  if (filling) return `it is visible before line ${filling.span.line} has filled it`;
  const put = store.stored === "fresh-container" || store.stored === "fresh-object" ? fn.accesses.find((access) => isFilling(access, store)) : undefined;
  if (put) return `what line ${put.span.line} puts into the one that another thread replaces is lost`;
  const object = store.stored === "fresh-object" ? calls.find((call) => makesMutable(program, call)) : undefined;
  if (object) return `what is done to the ${object.text}() of one thread is lost`;
  const busy = calls.find((call) => changesSomething(program, call, store));
  return busy && `${busy.text}() also changes ${nameOfChange(program, busy, store)}, and does so twice`;
}

function isInStatement(call: CallFact, { statement }: AccessFact): boolean {
  return call.span.line >= statement.line && call.span.endLine <= statement.endLine;
}

function isFilling(access: AccessFact, store: AccessFact): boolean {
  if (access.order <= store.order || access.statement.line === store.statement.line) return false;
  return access.location.key === store.location.key && access.text === store.text && addsOrRemoves(access.operation);
}

function changesSomething(program: Program, call: CallFact, store: AccessFact): boolean {
  return changesOf(program, call, store).length > 0;
}

/** Containers the callee itself adds to or removes from: what it only rebinds is most often a cache of its own. */
function changesOf(program: Program, call: CallFact, store: AccessFact): string[] {
  return call.targets.flatMap((target) =>
    [...program.effectsOf(target).mutations].flatMap(([key, depth]) => (depth === 0 && isContainer(program, key, store) ? [key] : [])),
  );
}

function isContainer(program: Program, key: string, store: AccessFact): boolean {
  if (key === store.location.key) return false;
  return (program.locations.get(key)?.accesses ?? []).some((access) => access.sharing === "shared" && addsOrRemoves(access.operation));
}

function nameOfChange(program: Program, call: CallFact, store: AccessFact): string {
  const key = changesOf(program, call, store)[0] ?? "";
  return program.locations.get(key)?.location.display ?? "other state";
}

/** The object has state that its methods change later. */
function makesMutable(program: Program, call: CallFact): boolean {
  return call.targets.some((target) => {
    const fn = program.functions[target];
    const cls = fn?.phase === "construction" && fn.owner !== undefined ? program.classes.get(fn.owner) : undefined;
    const methods = cls ? [...cls.methods.values()] : [];
    return methods.some((id) => program.functions[id]?.accesses.some(changesOwnState) === true);
  });
}

function changesOwnState(access: AccessFact): boolean {
  if (access.sharing !== "shared" || !/^self\.\w+$/.test(access.text)) return false;
  return access.kind === "write" || access.kind === "update" || (access.kind === "call" && addsOrRemoves(access.operation));
}
