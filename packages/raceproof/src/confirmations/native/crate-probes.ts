// What to try for a hazard of a crate. Enters: the program, a hazard. Leaves: probes for the agent, likeliest first; empty when nothing reaches it.
// Nothing is known of rules here: the hazard's consequence says what to look for, its function where.
import type { Hazard, RustFunction, RustProgram, RustStruct, Severity } from "../../vocabulary/index.ts";
import { callOf, constructionOf, methodsOf, ownerOf, settableObjects } from "./crate-calls.ts";

/**
 * collect: objects are alive, perhaps a thread has run `call`, then the collector runs. cycles: objects in cycles are given up.
 * together: threads are in `call` at the same time.
 */
export interface CrateProbe {
  readonly kind: "collect" | "cycles" | "together";
  /** Expressions of objects to have; for together the object `r` of the call. */
  readonly make: readonly string[];
  readonly call: string | undefined;
  /** Set on what is made, to the object that makes the cycle. */
  readonly attributes: readonly string[];
}

/** Of one hazard: a probe takes up to ten processes. */
const mostProbes = 6;
const mostObjects = 4;

export function probesFor(program: RustProgram, hazard: Hazard): CrateProbe[] {
  const suspect = suspectOf(program, hazard);
  const probes = kindsFor(hazard.severity).flatMap((kind) => probesOfKind(program, suspect, kind));
  return probes.slice(0, mostProbes);
}

function kindsFor(severity: Severity): readonly CrateProbe["kind"][] {
  switch (severity) {
    case "leak":
      return ["cycles"];
    case "deadlock":
      return ["together"];
    case "crash":
    case "corruption":
      return ["collect", "together"];
    case "wrong-answer":
      return ["collect", "cycles", "together"];
  }
}

interface Suspect {
  readonly classes: readonly RustStruct[];
  /** Functions that Python calls. */
  readonly functions: readonly RustFunction[];
}

/** The function or class a hazard stands at; the whole crate for one that stands in a manifest. */
function suspectOf(program: RustProgram, { span, function: name }: Hazard): Suspect {
  const at = (each: RustFunction | RustStruct): boolean => each.span.file === span.file && each.span.line <= span.line && span.line <= each.span.endLine;
  const fn = program.functions.filter(at).toSorted((a, b) => b.span.line - a.span.line)[0];
  if (fn !== undefined) return suspectAround(program, fn);
  const struct = program.structs.find((each) => each.pyclass !== undefined && (at(each) || (each.name === name && each.span.file === span.file)));
  if (struct !== undefined) return { classes: [struct], functions: [] };
  const exposed = program.functions.filter((each) => each.exposed !== undefined && !each.testOnly);
  const others = (each: RustFunction): number => (each.scopes.some(({ otherThread, attachment }) => otherThread || attachment === "detached") ? 0 : 1);
  return { classes: visitedClasses(program), functions: exposed.toSorted((a, b) => others(a) - others(b)) };
}

function suspectAround(program: RustProgram, fn: RustFunction): Suspect {
  const owner = fn.context === "pymethods" ? ownerOf(program, fn) : undefined;
  if (owner !== undefined && fn.name.startsWith("__")) return { classes: [owner], functions: [] };
  return { classes: owner === undefined ? [] : [owner], functions: exposedCallersOf(program, fn) };
}

/** The function itself when Python calls it, and those that reach it. */
function exposedCallersOf({ functions }: RustProgram, target: RustFunction): RustFunction[] {
  const reaching = new Set([target.id]);
  for (let size = 0; size !== reaching.size;) {
    size = reaching.size;
    for (const fn of functions) if (fn.events.some((event) => event.kind === "call" && event.targets.some((id) => reaching.has(id)))) reaching.add(fn.id);
  }
  return functions.filter(({ id, exposed }) => reaching.has(id) && exposed !== undefined && exposed !== "module");
}

function visitedClasses(program: RustProgram): RustStruct[] {
  return program.structs.filter((struct) => struct.pyclass !== undefined && methodsOf(program, struct).some(({ name }) => name === "__traverse__"));
}

function probesOfKind(program: RustProgram, { classes, functions }: Suspect, kind: CrateProbe["kind"]): CrateProbe[] {
  switch (kind) {
    case "collect": {
      const own = objectsOf(program, classes);
      // The collector must have something of the crate to visit.
      const visited = own.length > 0 ? own : objectsOf(program, visitedClasses(program)).slice(0, 1);
      const calls = callsOf(program, functions).filter(({ make }) => make.length === 0);
      const withCall = calls.map(({ call }): CrateProbe => ({ kind, make: visited.slice(0, 1), call, attributes: [] }));
      const alone = own.map((make): CrateProbe => ({ kind, make: [make], call: undefined, attributes: [] }));
      return Array.from({ length: Math.max(withCall.length, alone.length) }).flatMap((_, index) => [alone[index] ?? [], withCall[index] ?? []].flat());
    }
    case "cycles":
      return classes.flatMap((struct) => {
        const make = constructionOf(program, struct);
        return make === undefined ? [] : [{ kind, make: [make], call: undefined, attributes: settableObjects(struct) }];
      });
    case "together":
      return callsOf(program, functions).map(({ call, make }) => ({ kind, make, call, attributes: [] }));
  }
}

function objectsOf(program: RustProgram, classes: readonly RustStruct[]): string[] {
  return classes.flatMap((struct) => constructionOf(program, struct) ?? []).slice(0, mostObjects);
}

function callsOf(program: RustProgram, functions: readonly RustFunction[]): { readonly call: string; readonly make: readonly string[] }[] {
  return functions.flatMap((fn) => callOf(program, fn) ?? []);
}
