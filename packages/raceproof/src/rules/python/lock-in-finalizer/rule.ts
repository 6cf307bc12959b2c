// A finalizer, weak-reference callback or signal handler takes a lock that ordinary code takes too: it may run in the middle of
// that code, on the thread that holds the lock. Misses: finalizers of objects outside the program. Over-reports: code that can
// never be interrupted because it makes no objects.
import type { AccessFact, AcquisitionFact, CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { doubt } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { accessOfAcquisition, accessOfCall } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { locksReachedBy, staysWithReceiver } from "../lock-reach.ts";
import { provokeFinalizer } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/lock-in-finalizer",
  title: "Finalizer that takes a lock",
  severity: "deadlock",
  consequence: "The collector runs the finalizer on a thread that holds the lock, and that thread waits for itself; with an RLock it sees state half-changed.",
  sources: [
    "docs.python.org/3/reference/datamodel.html#object.__del__: __del__() can be invoked when arbitrary code is being executed, including from any arbitrary thread",
    "docs.python.org/3/library/queue.html#queue.SimpleQueue: put() is reentrant, for use in destructors and weak-reference callbacks",
  ],
  since: "0.1.0",
  fixes: [
    {
      title: "Only note what is to be done",
      cost: "low",
      detail: "`queue.SimpleQueue.put()` or `deque.append()` in the finalizer; ordinary code does the work under the lock.",
    },
    { title: "Close explicitly", cost: "medium", detail: "A context manager or close() does the work; the finalizer only warns." },
  ],
};

interface Finalizer {
  readonly fn: FunctionFact;
  readonly because: string;
  readonly ofSelf: boolean;
}

function find(program: Program): Hazard[] {
  const finalizers = finalizersOf(program);
  if (finalizers.length === 0) return [];
  const own = new Set(finalizers.map(({ fn }) => fn.id));
  const ordinary = new Map<string, AcquisitionFact>();
  for (const fn of lockUsageOf(program).takers) {
    for (const acquisition of own.has(fn.id) ? [] : fn.acquisitions) if (!ordinary.has(acquisition.lock)) ordinary.set(acquisition.lock, acquisition);
  }
  return finalizers.flatMap((finalizer) => hazardsOf(program, finalizer, ordinary));
}

/** Registered to be run in the middle of other code; what runs at exit runs between. */
const interrupting = /^(callback of weakref\.|handler of signal\.)/;

function finalizersOf(program: Program): Finalizer[] {
  const out: Finalizer[] = [];
  for (const fn of program.functions) {
    if (fn.threadEntry !== undefined && interrupting.test(fn.threadEntry)) out.push({ fn, because: `it is the ${fn.threadEntry}`, ofSelf: false });
    else if (fn.owner !== undefined && fn.qualifiedName.endsWith(".__del__"))
      out.push({ fn, because: "__del__ runs where the last reference goes", ofSelf: true });
  }
  return out;
}

function hazardsOf(program: Program, { fn, because, ofSelf }: Finalizer, ordinary: ReadonlyMap<string, AcquisitionFact>): Hazard[] {
  return [...locksReachedBy(program, fn.id).values()].flatMap(({ acquisition, path }) => {
    // Nobody else can be inside a lock of an object that nobody refers to any more.
    if (ofSelf && /^self\.\w+$/.test(acquisition.text) && staysWithReceiver(path)) return [];
    const other = ordinary.get(acquisition.lock);
    if (!other || path.some(({ targets }) => targets.length > 1)) return [];
    return [hazardOf(program, { taken: stepOf(program, acquisition, path), acquisition, because, other, depth: path.length })];
  });
}

/** In the finalizer itself: the acquisition, or the call that leads to it. */
function stepOf(program: Program, acquisition: AcquisitionFact, [first]: readonly CallFact[]): AccessFact {
  return first ? accessOfCall(program, first, acquisition.lock) : accessOfAcquisition(program, acquisition);
}

interface Taken {
  readonly taken: AccessFact;
  readonly acquisition: AcquisitionFact;
  readonly because: string;
  readonly other: AcquisitionFact;
  readonly depth: number;
}

function hazardOf(program: Program, { taken, acquisition, because, other, depth }: Taken): Hazard {
  const { reentrant, lock } = acquisition;
  const holder = program.functions[other.functionId]?.qualifiedName ?? "";
  const belief = doubt({ confidence: "high", evidence: [because, `${holder} takes ${lock} at ${other.span.file}:${other.span.line}`] }, [
    reentrant === "yes" && { steps: 2, because: "its holder may take it again: no deadlock, but it runs in the middle of the holder's work" },
    reentrant === "unknown" && { steps: 1, because: "whether its holder may take it again is not known" },
    acquisition.ownerKind === "instance" && depth > 0 && { steps: 1, because: `the object with ${lock} may be used by the one that goes alone` },
    depth > 1 && { steps: 1, because: "the lock is several calls away" },
  ]);
  return draftHazard(program, metadata, {
    main: taken,
    sequence: [taken],
    interfering: [accessOfAcquisition(program, other)],
    ...belief,
    message: `${lock} is taken here by code that can run at any moment, also on the thread that holds it (${holder}, line ${other.span.line})`,
  });
}

export const rule: Rule = { metadata, scope: "program", find, provoke: provokeFinalizer };
