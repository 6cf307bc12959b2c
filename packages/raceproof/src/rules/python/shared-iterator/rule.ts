// An iterator or generator kept where several threads find it is advanced without a lock; or iteration keeps its state on the container.
// Misses: files read line by line, iterators inside containers. Over-reports: parsers of public classes that nobody shares.
import { isElement } from "../../../vocabulary/index.ts";
import type { AccessFact, ClassFact, ContainerKind, FunctionFact, Hazard, LocationFact, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { atomicityOf, isAtomicEverywhere } from "../../../models/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { provokeAdvance } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/shared-iterator",
  title: "Shared iterator advanced without a lock",
  severity: "crash",
  consequence: "ValueError: generator already executing, or items that are handed out twice or skipped.",
  sources: [
    "docs.python.org/3/howto/free-threading-python.html#iterators: sharing an iterator between threads is not safe",
    "docs.python.org/3/reference/expressions.html#generator.__next__; bench/atomicity: 10-20 of 20 repeats on every runtime for a generator",
  ],
  since: "0.2.0",
  fixes: [
    { title: "Hold a lock around next()", cost: "low", detail: "Wrap the iterator in a small class whose `__next__` takes a lock." },
    { title: "Use queue.SimpleQueue or itertools.count()", cost: "low", detail: "Both hand each item to exactly one thread." },
    { title: "Give each use an iterator of its own", cost: "low", detail: "`def __iter__(self): return iter(self.items)` instead of state on self." },
  ],
};

function find(program: Program): Hazard[] {
  const stored = [...program.locations.values()].filter(({ container }) => container === "iterator" || container === "generator");
  return [...stored.flatMap((location) => advancesOf(program, location)), ...[...program.classes.values()].flatMap((cls) => ownStateOf(program, cls))];
}

/** One hazard per function and iterator. */
function advancesOf(program: Program, { location, accesses, container }: LocationFact): Hazard[] {
  if (isElement(location)) return [];
  const first = new Map<number, AccessFact>();
  for (const access of accesses) if (isAdvance(access, container) && !first.has(access.functionId)) first.set(access.functionId, access);
  return [...first.values()].map((access) => hazardOfAdvance(program, access));
}

function isAdvance(access: AccessFact, kind: ContainerKind): boolean {
  if (access.sharing !== "shared" || access.lockset.length > 0) return false;
  const row = access.kind === "iterate" || access.kind === "call" ? atomicityOf(access.operation, kind) : undefined;
  return row !== undefined && !isAtomicEverywhere(row);
}

function hazardOfAdvance(program: Program, access: AccessFact): Hazard {
  const generator = program.locations.get(access.location.key)?.container === "generator";
  const sharing = beliefInSharing(program, access);
  const rebound = interferingWith(program, access, (other) => other.operation === "=").find((other) => other.functionId === access.functionId);
  const belief = doubt(sharing, [
    sharing.confidence === "medium" && { steps: 1, because: "nothing but its being public says that the object is shared" },
    rebound && { steps: 1, because: `${access.function} sets it anew at line ${rebound.span.line}` },
    access.handled.includes("ValueError") && generator && { steps: 1, because: "ValueError is handled" },
  ]);
  const trouble = generator ? "a second thread gets ValueError: generator already executing" : "two threads get the same item, or skip one (without the GIL)";
  return draftHazard(program, metadata, {
    main: access,
    sequence: [access],
    interfering: interferingWith(program, access, (other) => other.id !== access.id),
    ...belief,
    row: generator ? undefined : atomicityOf(access.operation, access.container),
    severity: generator ? "crash" : "wrong-answer",
    message: `${access.text} is one ${generator ? "generator" : "iterator"} for all threads and advanced here without a lock: ${trouble}`,
  });
}

/** `__iter__` resets a position on self and gives self: every loop over the object shares it. */
function ownStateOf(program: Program, cls: ClassFact): Hazard[] {
  const iter = methodOf(program, cls, "__iter__");
  const next = methodOf(program, cls, "__next__");
  if (!iter || !next || iter.generator) return [];
  const advanced = new Set(next.accesses.filter(isUpdate).map((access) => access.location.key));
  const reset = iter.accesses.find((access) => access.operation === "=" && advanced.has(access.location.key) && access.lockset.length === 0);
  if (!reset || reset.sharing !== "shared") return [];
  const steps = next.accesses.filter((access) => access.location.key === reset.location.key);
  return [
    draftHazard(program, metadata, {
      main: reset,
      sequence: [reset],
      interfering: steps,
      confidence: cls.sharedBecause.length > 0 ? "high" : "medium",
      evidence: [...cls.sharedBecause.slice(0, 2), `${cls.qualifiedName}.__iter__ starts a loop that any other loop over the object restarts`],
      severity: "wrong-answer",
      message: `${reset.text} is the position of every loop over the object: a second loop restarts the first one`,
    }),
  ];
}

function isUpdate(access: AccessFact): boolean {
  return access.kind === "update" || access.operation === "=";
}

function methodOf(program: Program, cls: ClassFact, name: string): FunctionFact | undefined {
  const id = cls.methods.get(name);
  return id === undefined ? undefined : program.functions[id];
}

export const rule: Rule = { metadata, find, provoke: provokeAdvance };
