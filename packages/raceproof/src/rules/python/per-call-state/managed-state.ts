// A program in, fields that `__enter__` stores and `__exit__` reads on objects that several calls enter at once out: decorators that
// enter themselves, and instances kept for everybody. Misses: state kept in containers of the object.
import type { AccessFact, ClassFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { isOpenStore, isValueOfCall } from "./call-state.ts";
import type { CallState } from "./call-state.ts";

export function managedStates(program: Program): CallState[] {
  const classes = [...program.classes.values()];
  const nested = program.functions.filter(({ role }) => role === "nested");
  return classes.flatMap((cls) => {
    const enter = methodOf(program, cls, "__enter__");
    const exit = enter && inheritedMethod(program, cls, "__exit__");
    // Most context managers keep nothing of a call: the question who shares them comes last.
    if (!enter || !exit || !enter.accesses.some((store) => isCarried(program, store, exit))) return [];
    const family = classes.filter((each) => each === cls || each.bases.includes(cls.key));
    const why = wayOfSharing(program, cls, { family, nested });
    return why === undefined ? [] : statesOf(program, enter, exit, why);
  });
}

interface Surroundings {
  /** The class and those made of it. */
  readonly family: readonly ClassFact[];
  /** All functions inside functions. */
  readonly nested: readonly FunctionFact[];
}

function wayOfSharing(program: Program, cls: ClassFact, { family, nested }: Surroundings): CallState["why"] | undefined {
  const lineage = family.flatMap((each) => program.lineageOf(each.key));
  const remade = lineage.some(({ methods }) => methods.has("_recreate_cm"));
  const keys = new Set(lineage.map(({ key }) => key));
  if (nested.some((fn) => fn.owner !== undefined && keys.has(fn.owner) && entersSelf(program, fn))) return "decorator";
  if (!remade && lineage.some(({ externalBases }) => externalBases.some((base) => /(^|\.)ContextDecorator$/.test(base)))) return "decorator";
  return cls.sharedBecause.some((sentence) => / keeps an instance in /.test(sentence)) ? "kept" : undefined;
}

function entersSelf(program: Program, { span }: FunctionFact): boolean {
  return /\bwith self\s*[:,]/.test(program.textOf(span));
}

function statesOf(program: Program, enter: FunctionFact, exit: FunctionFact, why: CallState["why"]): CallState[] {
  const states = enter.accesses.flatMap((store): Omit<CallState, "siblings">[] => {
    if (!isCarried(program, store, exit)) return [];
    return [{ fn: enter, main: store, later: usesIn(program, store), why }];
  });
  const first = new Map(states.toReversed().map((state) => [state.main.location.key, state]));
  return [...first.values()].map((state) => ({ ...state, siblings: first.size }));
}

/** A value of this call that the exit looks at. */
function isCarried(program: Program, store: AccessFact, exit: FunctionFact): boolean {
  return isOpenStore(store) && isValueOfCall(store) && program.effectsOf(exit.id).reads.has(store.location.key);
}

function usesIn(program: Program, store: AccessFact): AccessFact[] {
  const all = program.locations.get(store.location.key)?.accesses ?? [];
  return all.filter((access) => access.id !== store.id && access.sharing === "shared" && access.kind !== "write");
}

function methodOf(program: Program, cls: ClassFact, name: string): FunctionFact | undefined {
  return program.functions[cls.methods.get(name) ?? -1];
}

function inheritedMethod(program: Program, cls: ClassFact, name: string): FunctionFact | undefined {
  const found = program.lineageOf(cls.key).find(({ methods }) => methods.has(name));
  return found && methodOf(program, found, name);
}
