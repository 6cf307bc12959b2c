// A store in, why it matters that two threads may both make what it stores out: locks, connections, threads, the one instance that a
// class promises. Values that are as good as equal ones give nothing. Does not ask whether two threads get there.
import { identityConstructors, namesResource } from "../../models/index.ts";
import type { AccessFact, CallFact, FunctionFact, Program } from "../../vocabulary/index.ts";

/** As the end of a sentence. */
export function whyIdentityMatters(program: Program, fn: FunctionFact, store: AccessFact): string | undefined {
  const makers = makersOf(program, fn, store);
  const known = makers.find((call) => identityConstructors.has(call.external ?? ""));
  if (known) return `each thread gets ${known.external ?? "an object"}() of its own`;
  if (store.location.ownerKind === "class" && makers.some((call) => isInstanceOfItself(call, fn)))
    return "callers hold two instances where the class promises one";
  if (store.operation === "[]=" && /singleton/i.test(fn.qualifiedName)) return "callers hold two instances where its name promises one";
  const shared = store.operation === "[]=" ? makers.find((call) => isMadeToBeShared(program, call)) : undefined;
  if (shared) return `each thread gets a ${shared.text}() of its own`;
  const named = makers.find((call) => makesResource(program, call, store));
  return named && `each thread gets a ${named.text}() of its own`;
}

/** Calls that make the stored value: in the store's statement, or carried there in a local name. */
export function makersOf(program: Program, fn: FunctionFact, store: AccessFact): CallFact[] {
  const value = program.sourceOf(store.statement).split("=").at(-1)?.trim() ?? "";
  // An attribute that gets a finished object from a local name is the cure: the loser's object is merely dropped.
  const isName = /^\w+$/.test(value) && (store.operation === "[]=" || store.location.ownerKind !== "instance");
  return fn.calls.filter((call) => {
    if (call.order === store.order || !call.valueUsed || call.span.line > store.statement.endLine) return false;
    if (call.span.line >= store.statement.line) return true;
    return isName && program.sourceOf(call.statement).startsWith(`${value} = ${call.text}(`);
  });
}

function isInstanceOfItself({ text }: CallFact, { role }: FunctionFact): boolean {
  return /(^|\.)__new__$|^(super\(.*\)|type)\.__call__$/.test(text) || (text === "cls" && role !== "nested");
}

/** Some object of the program whose place or maker is called a pool, connection, lock, session, ... */
function makesResource(program: Program, call: CallFact, store: AccessFact): boolean {
  if (store.stored !== "other" && store.stored !== "fresh-object") return false;
  const creates = call.targets.some((target) => createsObject(program, target));
  return creates && (namesResource(call.text) || namesResource(store.location.path));
}

function createsObject(program: Program, target: number): boolean {
  const fn = program.functions[target];
  if (fn?.phase === "construction") return true;
  return fn !== undefined && !fn.predicate && /(^|_)(new|make|create|build|open|start|connect|spawn)(_|$|[A-Z])/.test(fn.qualifiedName.split(".").at(-1) ?? "");
}

function isMadeToBeShared(program: Program, call: CallFact): boolean {
  return call.targets.some((target) => {
    const fn = program.functions[target];
    const cls = fn?.phase === "construction" && fn.owner !== undefined ? program.classes.get(fn.owner) : undefined;
    return cls !== undefined && !cls.exception && cls.sharedBecause.length > 0;
  });
}
