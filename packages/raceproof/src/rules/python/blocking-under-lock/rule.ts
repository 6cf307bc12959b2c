// While a lock is held: a wait for a thread that needs the lock, a call of code that the user brought, a yield or an await.
// Misses: waits with a timeout, foreign code behind methods of objects. Over-reports: callbacks that never come back to the library.
import { slowCalls } from "../../../models/index.ts";
import type { AccessFact, AcquisitionFact, CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import type { Belief } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { accessAt, accessOfAcquisition, accessOfCall } from "../lock-accesses.ts";
import { heldAt } from "../lock-reach.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { foreignCode, publicTaker } from "./callbacks.ts";
import { provokeWait } from "./provoke.ts";
import { OtherSides, waitOf } from "./waits.ts";
import type { Wait } from "./waits.ts";

const metadata: RuleMetadata = {
  id: "python/blocking-under-lock",
  title: "Waiting, or calling out, with a lock in hand",
  severity: "deadlock",
  consequence: "What is waited for needs the lock that the waiting thread holds: both wait for ever, and so does everybody else who needs it.",
  sources: [
    "Gorogiannis, O'Hearn, Sergey, A true positives theorem for a static race detector, 2019 (Starvation; arbitrary code execution under lock)",
    "Bloch, Effective Java, item 79: never cede control to the client within a synchronized region",
    "docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading",
  ],
  since: "0.1.0",
  fixes: [
    {
      title: "Take what is needed under the lock, wait and call outside",
      cost: "low",
      detail: "`with self._lock: listeners = list(self._listeners)`, then call them.",
    },
    { title: "Wait on a condition of the same lock", cost: "low", detail: "`condition.wait()` lets go of the lock while it waits." },
    {
      title: "Document that callbacks run under the lock",
      cost: "low",
      detail: "With an RLock callbacks may come back on the same thread; other threads must not be waited for.",
    },
  ],
};

function find(program: Program): Hazard[] {
  const { calls, takers } = lockUsageOf(program);
  const sides = new OtherSides(program);
  const takersByLock = takersOfLocks(takers);
  return [
    ...calls.flatMap((call) => {
      const fn = program.functions[call.functionId] as FunctionFact;
      const wait = waitOf(program, call, sides);
      if (wait) return [hazardOfWait(program, wait)];
      if (fn.acquisitions.length === 0) return [];
      const isSlow = call.external !== undefined && slowCalls.has(call.external);
      return isSlow ? hazardOfSlow(program, fn, call) : hazardOfCallback(program, fn, call, takersByLock);
    }),
    ...takers.flatMap((fn) => suspended(program, fn)),
  ];
}

function takersOfLocks(functions: readonly FunctionFact[]): Map<string, number[]> {
  const takers = new Map<string, number[]>();
  for (const { functionId, lock } of functions.flatMap(({ acquisitions }) => acquisitions)) {
    const known = takers.get(lock);
    if (known) known.push(functionId);
    else takers.set(lock, [functionId]);
  }
  return takers;
}

function hazardOfWait(program: Program, { call, lock, needer }: Wait): Hazard {
  return draftHazard(program, metadata, {
    main: accessOfCall(program, call, lock),
    sequence: [accessOfCall(program, call, lock)],
    interfering: needer.acquisitions.filter((acquisition) => acquisition.lock === lock).map((acquisition) => accessOfAcquisition(program, acquisition)),
    confidence: "high",
    evidence: [`${needer.qualifiedName} (line ${needer.span.line}) ends the wait and takes ${lock} on the way`],
    message: `${call.text}() waits here while ${lock} is held, which ${needer.qualifiedName} needs before it can end the wait`,
  });
}

/** Something done under the innermost lock that the function itself holds there. */
interface Done {
  readonly order: number;
  readonly main: (lock: string) => AccessFact;
  readonly tell: (held: AcquisitionFact) => { readonly belief: Belief; readonly message: string } | undefined;
}

function hazardsOfDoing(program: Program, fn: FunctionFact, { order, main, tell }: Done): Hazard[] {
  const held = heldAt(fn, order).findLast(({ ownerKind }) => ownerKind !== "call");
  const told = held && tell(held);
  if (!told) return [];
  const access = main(held.lock);
  const sequence = [accessOfAcquisition(program, held), access];
  return [draftHazard(program, metadata, { main: access, sequence, interfering: [], ...told.belief, message: told.message })];
}

function hazardOfSlow(program: Program, fn: FunctionFact, call: CallFact): Hazard[] {
  const belief: Belief = { confidence: "low", evidence: ["others wait as long, but not for ever"] };
  const tell: Done["tell"] = ({ text }) => ({
    belief,
    message: `${call.text}() takes its time while ${text} is held: everybody who needs the lock waits as long`,
  });
  return hazardsOfDoing(program, fn, { order: call.order, main: (lock) => accessOfCall(program, call, lock), tell });
}

function hazardOfCallback(program: Program, fn: FunctionFact, call: CallFact, takers: ReadonlyMap<string, readonly number[]>): Hazard[] {
  const foreign = foreignCode(program, fn, call);
  if (foreign === undefined) return [];
  const tell: Done["tell"] = (held) => {
    const taker = publicTaker(program, fn, held, takers);
    if (!call.lockset.includes(held.lock)) return undefined;
    const sure = held.reentrant === "no" && taker !== undefined;
    const because = sure ? `${held.lock} cannot be taken again by its holder` : "its holder may take the lock again, or nothing public takes it";
    return {
      belief: { confidence: sure ? "medium" : "low", evidence: [foreign, because] },
      message: `${call.text}() runs code of the caller while ${held.text} is held${taker ? `; if it comes back through ${taker.qualifiedName}, it waits for itself` : ""}`,
    };
  };
  return hazardsOfDoing(program, fn, { order: call.order, main: (lock) => accessOfCall(program, call, lock), tell });
}

/** One for each lock and kind: what is held at the first yield is held at the others. */
function suspended(program: Program, fn: FunctionFact): Hazard[] {
  if (fn.contextManager || fn.decorators.some((text) => text.includes("fixture"))) return [];
  const found = new Map<string, Hazard>();
  for (const { functionId, span, order, how, lockset } of fn.suspensions) {
    const text = how;
    const tell: Done["tell"] = (held) => {
      if (!lockset.includes(held.lock)) return undefined;
      const meanwhile =
        how === "await"
          ? "another task of the same thread that needs it stops the event loop for ever"
          : "it stays taken until the consumer asks for more, or for ever";
      const belief: Belief = { confidence: how === "await" ? "high" : "medium", evidence: [`${how} inside the span of ${held.text}`] };
      return { belief, message: `${how} hands over while ${held.text} is held: ${meanwhile}` };
    };
    const main = (lock: string): AccessFact => accessAt(program, { functionId, order, span, text }, lock);
    for (const hazard of hazardsOfDoing(program, fn, { order, main, tell })) {
      const key = `${how} ${hazard.location.key}`;
      if (!found.has(key)) found.set(key, hazard);
    }
  }
  return [...found.values()];
}

export const rule: Rule = { metadata, scope: "program", find, provoke: provokeWait };
