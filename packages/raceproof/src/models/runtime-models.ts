// Models of interpreters: where the same scheduler may switch threads, as the agent is told. What is atomic comes from atomicity.ts.
// Sources: bench/atomicity; CPython, Python/ceval.c (since 3.10 a GIL is handed over at the start of a function, a backward jump and
// after a call of a C function); the standard library of PyPy 7.3, which has none of the C modules named here.
import type { ContainerKind, RuntimeFamily, RuntimeModelName } from "../vocabulary/index.ts";
import { atomicityOf, consumers, type Outcome } from "./atomicity.ts";

/** The `model` of the protocol's `open`. */
export interface RuntimeModel {
  readonly name: RuntimeModelName;
  /** accesses: before every one. checks: only where the interpreter looks whether to hand its GIL over. */
  readonly switches: "accesses" | "checks";
  /** Functions that walk over these kinds of containers one element after the other. */
  readonly elementwise: Readonly<Record<string, readonly string[]>>;
  /** Modules of the standard library that run without their C parts. */
  readonly twins: readonly { readonly module: string; readonly without: readonly string[] }[];
}

/** The agent's kinds; it tells views apart, the table does not. */
const kinds: readonly ContainerKind[] = ["dict", "list", "set", "deque", "iterator"];
const views: readonly string[] = ["keys", "values", "items"];

/** What makes a snapshot of a dictionary, but not of a view of it. */
const viewsToo: ReadonlySet<string> = new Set(["builtins.set", "builtins.frozenset", "builtins.dict"]);
/** In the table with what they do to a dictionary; a list they copy under its lock. */
const copiesOfLists: ReadonlySet<string> = new Set(["builtins.tuple"]);

/** Rules do not ask about these; without the GIL they walk like tuple(). */
const otherWalkers: Readonly<Record<string, readonly string[]>> = {
  join: ["dict", "set", "deque", ...views, "iterator"],
  deque: ["dict", "set", "deque", ...views, "iterator"],
  fromkeys: ["deque", ...views, "iterator"],
  in: ["values"],
};

const twins: RuntimeModel["twins"] = [
  { module: "heapq", without: ["_heapq"] },
  { module: "bisect", without: ["_bisect"] },
  { module: "functools", without: ["_functools"] },
  { module: "json", without: ["_json"] },
];

export const runtimeModels: Readonly<Record<RuntimeModelName, RuntimeModel>> = {
  any: { name: "any", switches: "accesses", elementwise: {}, twins: [] },
  gil: { name: "gil", switches: "checks", elementwise: {}, twins: [] },
  "free-threaded": { name: "free-threaded", switches: "accesses", elementwise: { ...otherWalkers, ...walkersOn("free-threaded") }, twins: [] },
  pypy: { name: "pypy", switches: "accesses", elementwise: walkersOn("pypy"), twins },
};

function walkersOn(family: RuntimeFamily): Record<string, string[]> {
  const walkers = [...consumers].map((operation): [string, string[]] => [operation.split(".").at(-1) ?? operation, walkedKinds(operation, family)]);
  return Object.fromEntries(walkers.filter(([, walked]) => walked.length > 0));
}

function walkedKinds(operation: string, family: RuntimeFamily): string[] {
  const walks = (kind: ContainerKind): boolean => isTaken(atomicityOf(operation, kind)?.on[family]);
  const ofContainers = kinds.filter((kind) => walks(kind) && !(kind === "list" && copiesOfLists.has(operation)));
  return [...ofContainers, ...(walks("dict") || (family === "free-threaded" && viewsToo.has(operation)) ? views : [])];
}

function isTaken(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && outcome !== "atomic";
}
