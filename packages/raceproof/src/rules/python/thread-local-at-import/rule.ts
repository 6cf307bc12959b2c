// An attribute of thread-local storage is set only while the module loads or the owner is built: every other thread lacks it.
// Misses: attributes set in some functions and read in others that may run first. Over-reports: guards that facts do not show.
import type { AccessFact, Hazard, LocationFact, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { rootNameOf } from "../../../vocabulary/index.ts";
import { confined } from "../activity.ts";
import { draftHazard } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { provokeReader } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/thread-local-at-import",
  title: "Thread-local attribute set in one thread only",
  severity: "crash",
  consequence: "AttributeError in every thread but the one that imported the module or built the object.",
  sources: [
    "docs.python.org/3/library/threading.html#threading.local: a subclass's __init__ runs in each thread, assignments run in one",
    "Lib/_threading_local.py: the attributes are in a dictionary of the current thread",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Subclass threading.local and set the attribute in its __init__",
      cost: "low",
      detail: "`__init__` runs once in each thread that uses the object; a class attribute serves as an immutable default.",
    },
    { title: "Read with a default", cost: "low", detail: "`getattr(local, 'depth', 0)`, or set it on first use after `hasattr`." },
  ],
};

function find(program: Program): Hazard[] {
  const places = indexOf(program).locationsDoing(confined);
  return places.flatMap((location) => (isAttributeOfLocal(program, location) ? hazardsAt(program, location) : []));
}

/** `local.depth`, where `local` is a threading.local itself: subclasses have an `__init__` or defaults of their own. */
function isAttributeOfLocal(program: Program, { location, accesses }: LocationFact): boolean {
  if (accesses[0]?.sharing !== "confined" || !/^\w+\.\w+$/.test(location.path)) return false;
  return program.locations.get(`${location.ownerKind}:${location.owner}:${rootNameOf(location)}`)?.container === "thread-local";
}

function hazardsAt(program: Program, { accesses }: LocationFact): Hazard[] {
  const stores = accesses.filter((access) => access.operation === "=");
  if (stores.length === 0 || !stores.every((access) => phaseOf(program, access) !== "ordinary")) return [];
  const readers = new Map<number, AccessFact>();
  for (const access of accesses) {
    if (phaseOf(program, access) === "ordinary" && !isHandled(access) && !readers.has(access.functionId)) readers.set(access.functionId, access);
  }
  return [...readers.values()].map((reader) => hazardOf(program, stores[0] as AccessFact, reader));
}

function phaseOf(program: Program, access: AccessFact): "import" | "construction" | "ordinary" {
  return program.functions[access.functionId]?.phase ?? "ordinary";
}

function isHandled({ handled }: AccessFact): boolean {
  return handled.some((name) => name === "*" || name === "AttributeError" || name === "Exception");
}

function hazardOf(program: Program, store: AccessFact, reader: AccessFact): Hazard {
  const building = phaseOf(program, store) === "construction";
  const where = building ? `the thread that built the object (${store.function})` : "the thread that imported the module";
  return draftHazard(program, metadata, {
    main: reader,
    sequence: [reader],
    interfering: [store],
    confidence: building ? "medium" : "high",
    evidence: [`${store.text} is set at ${store.span.file}:${store.span.line} and nowhere else`],
    message: `${reader.text} is read here, but set only in ${where}: every other thread gets AttributeError`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeReader };
