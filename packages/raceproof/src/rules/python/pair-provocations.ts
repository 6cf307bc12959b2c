// Entry points of both sides of a race in, candidate provocations out: which calls against which, with which arguments and prefix.
import type { AccessFact, CallRecipe, FunctionFact, Hazard, Program, Provocation } from "../../vocabulary/index.ts";
import type { ArgumentMode } from "./argument-recipes.ts";
import { CallRecipes } from "./call-recipes.ts";
import { entriesWithItself } from "./entry-points.ts";
import type { EntryPoint } from "./entry-points.ts";

/** What one side does: several calls make one operation. */
export interface Side {
  readonly calls: readonly FunctionFact[];
  /** Attributes or globals read back at the end of the operation. */
  readonly readBack: readonly ReadBack[];
}

export interface ReadBack {
  readonly module: string;
  readonly qualifiedName: string;
  /** A getter is called, an attribute read. */
  readonly use?: "call" | "read";
}

export interface PairPlan {
  readonly rationale: string;
  readonly left: Side;
  readonly right: Side;
  readonly prefix: readonly FunctionFact[];
  readonly modes: readonly ArgumentMode[];
  readonly through: "public" | "internal";
}

export function provocationsOf(program: Program, plan: PairPlan): Provocation[] {
  return plan.modes.map((mode) => {
    const recipes = new CallRecipes(program, mode);
    const operations = [plan.left, plan.right].map((side, thread) => operationOf(recipes, side, thread));
    const prefix = plan.prefix.map((fn) => recipes.call(fn, 0));
    return { rationale: `${plan.rationale}, ${mode} arguments`, shared: recipes.shared, prefix, operations, through: plan.through };
  });
}

function operationOf(recipes: CallRecipes, side: Side, thread: number): CallRecipe[] {
  const calls = side.calls.map((fn) => recipes.call(fn, thread));
  const reads = side.readBack.map(({ module, qualifiedName, use = "read" }): CallRecipe => ({
    module,
    qualifiedName,
    receiver: undefined,
    arguments: [],
    use,
  }));
  return [...calls, ...reads];
}

export function sideOf(...calls: readonly FunctionFact[]): Side {
  return { calls, readBack: [] };
}

/** The facts behind a hazard: its own function and every access of its location. */
export interface HazardFacts {
  readonly fn: FunctionFact;
  readonly entries: readonly EntryPoint[];
  readonly accesses: readonly AccessFact[];
}

export function factsOf(program: Program, hazard: Hazard): HazardFacts | undefined {
  const fn = program.functions.find((each) => each.qualifiedName === hazard.function && each.span.file === hazard.span.file && holds(each, hazard));
  if (!fn) return undefined;
  const accesses = (program.locations.get(hazard.location.key)?.accesses ?? []).filter((access) => access.sharing === "shared");
  return { fn, entries: entriesWithItself(program, fn), accesses };
}

function holds(fn: FunctionFact, hazard: Hazard): boolean {
  return fn.span.line <= hazard.span.line && hazard.span.line <= fn.span.endLine;
}

export function throughOf(...entries: readonly EntryPoint[]): "public" | "internal" {
  return entries.every((entry) => entry.through === "public") ? "public" : "internal";
}

/** How two entry points are brought together. */
export interface Crossing {
  readonly modes: readonly ArgumentMode[];
  /** Calls made before the threads start, each list a provocation of its own; absent: none. */
  readonly prefixes?: readonly (readonly FunctionFact[])[];
}

/** Each entry of the hazard against each of the others; against itself when there are none. */
export function crossProvocations(program: Program, entries: readonly EntryPoint[], others: readonly EntryPoint[], crossing: Crossing): Provocation[] {
  return entries.flatMap((left) => (others.length > 0 ? others : [left]).flatMap((right) => pairProvocations(program, left, right, crossing)));
}

/** Each entry of the hazard in both threads. */
export function selfProvocations(program: Program, entries: readonly EntryPoint[], crossing: Crossing): Provocation[] {
  return entries.flatMap((entry) => pairProvocations(program, entry, entry, crossing));
}

function pairProvocations(program: Program, left: EntryPoint, right: EntryPoint, { modes, prefixes = [[]] }: Crossing): Provocation[] {
  return prefixes.flatMap((prefix) =>
    provocationsOf(program, {
      rationale: describe(left, right, prefix),
      left: sideOf(left.fn),
      right: sideOf(right.fn),
      prefix,
      modes,
      through: throughOf(left, right),
    }),
  );
}

function describe(left: EntryPoint, right: EntryPoint, prefix: readonly FunctionFact[]): string {
  const after = prefix.length > 0 ? ` after ${prefix.map((fn) => fn.qualifiedName).join(", ")}` : "";
  return `${left.fn.qualifiedName} against ${right.fn.qualifiedName}${after}`;
}
