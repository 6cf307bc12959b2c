// Locks that are taken in one order here and in another there: two threads can each hold what the other waits for.
// Misses: orders through callbacks. Over-reports: instances of two classes that never meet; same-class pairs are hints only.
import type { AcquisitionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { doubt } from "../confidence.ts";
import type { Belief } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { accessOfAcquisition } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { heldAt } from "../lock-reach.ts";
import { cyclesOf, orderGraphOf } from "./order-graph.ts";
import type { OrderEdge } from "./order-graph.ts";
import { provokeCycle } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/lock-order-cycle",
  title: "Locks taken in two orders",
  severity: "deadlock",
  consequence: "Two threads each hold the lock that the other waits for, and both wait for ever.",
  sources: [
    "Coffman, Elphick, Shoshani, System Deadlocks, 1971 (circular wait)",
    "Havelund, Using Runtime Analysis to Guide Model Checking of Java Programs, 2000 (lock graphs, gate locks)",
    "Gorogiannis, O'Hearn, Sergey, A true positives theorem for a static race detector, 2019 (Starvation checker)",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Take the locks in one order everywhere", cost: "medium", detail: "For two objects of one class: in the order of `id()` or of a name." },
    { title: "Let go of the first before taking the second", cost: "low", detail: "Copy under the first lock what the second part needs." },
    { title: "Use one lock for both", cost: "medium", detail: "State that is always changed together needs no two locks." },
  ],
};

function find(program: Program): Hazard[] {
  const cycles = cyclesOf(orderGraphOf(program)).filter((cycle) => !hasGate(cycle));
  return [...cycles.map((cycle) => hazardOfCycle(program, cycle)), ...lockUsageOf(program).takers.flatMap((fn) => twoOfAKind(program, fn.acquisitions))];
}

/** A lock that is held at every edge lets only one thread into the cycle. */
function hasGate(cycle: readonly OrderEdge[]): boolean {
  const own = new Set(cycle.map(({ held }) => held));
  const [first, ...others] = cycle.map(({ at, acquisition }) => [...at.lockset, ...acquisition.held]);
  return (first ?? []).some((lock) => !own.has(lock) && others.every((locks) => locks.includes(lock)));
}

function hazardOfCycle(program: Program, cycle: readonly OrderEdge[]): Hazard {
  const [first, ...others] = cycle as readonly [OrderEdge, ...OrderEdge[]];
  const sequence = [...(first.outer ? [accessOfAcquisition(program, first.outer)] : []), first.at];
  const elsewhere = others.map(({ held, wanted, at }) => `${at.function} (${at.span.file}:${at.span.line}) holds ${held} and takes ${wanted}`);
  return draftHazard(program, metadata, {
    main: first.at,
    sequence,
    interfering: others.flatMap(({ outer, at }) => [...(outer ? [accessOfAcquisition(program, outer)] : []), at]),
    ...beliefInCycle(cycle),
    message: `${first.wanted} is waited for here while ${first.held} is held; ${elsewhere.join("; ")}`,
  });
}

function beliefInCycle(cycle: readonly OrderEdge[]): Belief {
  const evidence = cycle.map(({ held, wanted, path, at }) => {
    const through = path.length > 0 ? ` through ${path.map(({ text }) => `${text}()`).join(", ")}` : "";
    return `${held}, then ${wanted}${through} in ${at.function}`;
  });
  const calls = cycle.flatMap(({ path }) => path);
  const kinds = cycle.flatMap(({ acquisition, outer }) => [acquisition.ownerKind, ...(outer ? [outer.ownerKind] : [])]);
  return doubt({ confidence: "high", evidence }, [
    kinds.includes("unknown") && { steps: 1, because: "whose lock it is is not known for one of them" },
    calls.some(({ targets }) => targets.length > 1) && { steps: 1, because: "a call on the way may run one of several functions" },
    calls.length > cycle.length && { steps: 1, because: "the locks are far apart in the code" },
    isOfManyObjects(cycle) && { steps: 1, because: "the locks belong to objects of different classes, which may never meet" },
  ]);
}

/** Instance locks of more than one class. */
function isOfManyObjects(cycle: readonly OrderEdge[]): boolean {
  const owners = cycle.filter(({ acquisition }) => acquisition.ownerKind === "instance").map(({ wanted }) => wanted.slice(0, wanted.lastIndexOf(".")));
  return new Set(owners).size > 1;
}

/** `with a.lock: with b.lock:` with two objects of one class: the other order is one exchange of arguments away. */
function twoOfAKind(program: Program, acquisitions: readonly AcquisitionFact[]): Hazard[] {
  return acquisitions.flatMap((inner) => {
    const fn = program.functions[inner.functionId];
    if (!fn || !inner.blocks || !inner.held.includes(inner.lock) || inner.ownerKind !== "instance") return [];
    const outer = heldAt(fn, inner.order).find(({ lock, text }) => lock === inner.lock && text !== inner.text);
    if (!outer) return [];
    const main = accessOfAcquisition(program, inner);
    return [
      draftHazard(program, metadata, {
        main,
        sequence: [accessOfAcquisition(program, outer), main],
        interfering: [],
        confidence: "low",
        evidence: ["one function takes the locks of two objects of one class; callers may keep an order"],
        message: `${inner.text} is waited for here while ${outer.text} is held: with the two objects exchanged, two threads wait for each other`,
      }),
    ];
  });
}

export const rule: Rule = { metadata, scope: "program", find, provoke: provokeCycle };
