// What to try for a hazard of a crate. Enters: the program, what was found to make its objects and call its functions, a hazard. Leaves: probes for the agent,
// likeliest first; none when nothing reaches it. Nothing is known of rules here: the hazard's consequence and what the code declares say what to look for.
import { withoutReferences } from "../../vocabulary/index.ts";
import type { Hazard, RustFunction, RustProgram, RustStruct, Severity } from "../../vocabulary/index.ts";
import type { ChosenCalls } from "./choose-calls.ts";
import { functionKey } from "./crate-candidates.ts";

/**
 * collect: objects are alive, perhaps a thread has run `call`, then the collector runs. cycles: objects in cycles are given up. together: threads are in `call`
 * at the same time. borrow: each thread is in one of `calls` again and again. elsewhere: another thread than the object's own uses it, by `calls` too, and drops it.
 */
export interface CrateProbe {
  readonly kind: "collect" | "cycles" | "together" | "borrow" | "elsewhere";
  /** Expressions of objects to have; the object `r` of the calls, except for collect. */
  readonly make: readonly string[];
  /** For cycles: what makes r hold the object of the cycle. */
  readonly call: string | undefined;
  readonly calls: readonly string[];
  /** Set on what is made, to the object that makes the cycle. */
  readonly attributes: readonly string[];
}

/** Of one hazard: a probe takes up to twenty processes. */
const mostProbes = 6;
const mostObjects = 4;
/** Of one object in another thread. */
const mostCalls = 12;

export interface ProbePlan {
  readonly probes: readonly CrateProbe[];
  /** What nobody found out how to make or call. */
  readonly missing: readonly string[];
}

export function probesFor(program: RustProgram, hazard: Hazard, chosen: ChosenCalls): ProbePlan {
  const suspect = suspectOf(program, hazard);
  const bench = new ProbeMaker(program, chosen);
  const probes = kindsFor(hazard.severity, suspect).flatMap((kind) => bench.probesOfKind(suspect, kind));
  return { probes: probes.slice(0, mostProbes), missing: bench.missing(suspect) };
}

function kindsFor(severity: Severity, { classes, functions }: Suspect): readonly CrateProbe["kind"][] {
  const forOneThread = classes.some(isUnsendable) ? (["elsewhere"] as const) : [];
  switch (severity) {
    case "leak":
      return ["cycles"];
    case "deadlock":
      return ["together"];
    case "crash":
    case "corruption":
      return [...forOneThread, "collect", "together"];
    case "wrong-answer":
      if (forOneThread.length > 0) return forOneThread;
      return functions.some(borrowsMutably) ? ["borrow"] : ["collect", "cycles", "together"];
  }
}

interface Suspect {
  readonly classes: readonly RustStruct[];
  /** Functions that Python calls. */
  readonly functions: readonly RustFunction[];
}

/** The function or class a hazard stands at; the whole crate for one that stands in a manifest. */
function suspectOf(program: RustProgram, { span, function: name, accesses }: Hazard): Suspect {
  const at = (each: RustFunction | RustStruct): boolean => each.span.file === span.file && each.span.line <= span.line && span.line <= each.span.endLine;
  const fn = program.functions.filter(at).toSorted((a, b) => b.span.line - a.span.line)[0];
  if (fn !== undefined) return suspectAround(program, fn, new Set(accesses?.map((access) => access.function)));
  const struct = program.structs.find((each) => each.pyclass !== undefined && (at(each) || (each.name === name && each.span.file === span.file)));
  if (struct !== undefined) return { classes: [struct], functions: [] };
  const exposed = program.functions.filter((each) => each.exposed !== undefined && !each.testOnly);
  const others = (each: RustFunction): number => (each.scopes.some(({ otherThread, attachment }) => otherThread || attachment === "detached") ? 0 : 1);
  const unsendable = program.structs.filter((each) => isUnsendable(each)).slice(0, 2);
  return { classes: [...new Set([...visitedClasses(program), ...unsendable])], functions: exposed.toSorted((a, b) => others(a) - others(b)) };
}

/** `also`: further functions the hazard names. */
function suspectAround(program: RustProgram, fn: RustFunction, also: ReadonlySet<string>): Suspect {
  const owner = fn.context === "pymethods" ? ownerOf(program, fn) : undefined;
  const alike = program.functions.filter((each) => each !== fn && owner !== undefined && each.owner?.declaration === owner.id && also.has(each.qualifiedName));
  if (owner !== undefined && /^__(?:traverse|clear)__$/.test(fn.name)) return { classes: [owner], functions: [] };
  return { classes: owner === undefined ? [] : [owner], functions: [...exposedCallersOf(program, fn), ...alike] };
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

function ownerOf({ structs }: RustProgram, { owner }: RustFunction): RustStruct | undefined {
  return structs.find(({ id }) => id === owner?.declaration);
}

function visitedClasses({ structs, functions }: RustProgram): RustStruct[] {
  return structs.filter(
    ({ pyclass, id }) =>
      pyclass !== undefined && functions.some(({ context, owner, name }) => context === "pymethods" && owner?.declaration === id && name === "__traverse__"),
  );
}

function isUnsendable({ pyclass }: RustStruct): boolean {
  return pyclass?.arguments.has("unsendable") === true;
}

function borrowsMutably({ parameters }: RustFunction): boolean {
  return parameters.some(({ name, type }) => (name === "self" && type.name === "&" && type.mutable) || withoutReferences(type).name === "PyRefMut");
}

/** Attributes that Python may set and that hold an object. */
function settableObjects({ fields }: RustStruct): string[] {
  return fields
    .filter(({ attributes, holdings }) => holdings.length > 0 && attributes.some((each) => each.name === "pyo3" && each.arguments.has("set")))
    .map(({ name }) => name);
}

interface KnownCall {
  readonly call: string;
  /** How r is made. */
  readonly make: readonly string[];
  readonly keeps: boolean;
}

const nothing: Pick<CrateProbe, "attributes" | "call" | "calls"> = { attributes: [], call: undefined, calls: [] };

class ProbeMaker {
  readonly #program: RustProgram;
  readonly #chosen: ChosenCalls;

  constructor(program: RustProgram, chosen: ChosenCalls) {
    this.#program = program;
    this.#chosen = chosen;
  }

  probesOfKind(suspect: Suspect, kind: CrateProbe["kind"]): CrateProbe[] {
    switch (kind) {
      case "collect":
        return this.#collections(suspect);
      case "cycles":
        return suspect.classes.flatMap((struct) => this.#cycles(struct));
      case "together":
        return suspect.functions.flatMap((fn) => this.#callsOf(fn)).map(({ call, make }) => ({ ...nothing, kind, make, call }));
      case "borrow":
        return this.#borrows(suspect);
      case "elsewhere":
        return suspect.classes.filter(isUnsendable).flatMap((struct) => {
          const calls = this.#methodsOf([struct]).map(({ call }) => call);
          return this.#objectsOf([struct]).map((make): CrateProbe => ({ ...nothing, kind, make: [make], calls: calls.slice(0, mostCalls) }));
        });
    }
  }

  missing({ classes, functions }: Suspect): string[] {
    return [
      ...classes.filter(({ id }) => !this.#chosen.has(`${id}`)).map(({ name }) => `instances of ${name}`),
      ...functions.filter((fn) => this.#callsOf(fn).length === 0).map(({ qualifiedName }) => `calls of ${qualifiedName}`),
    ];
  }

  #collections({ classes, functions }: Suspect): CrateProbe[] {
    const kind = "collect";
    const own = this.#objectsOf(classes);
    // The collector must have something of the crate to visit.
    const visited = own.length > 0 ? own : this.#objectsOf(visitedClasses(this.#program)).slice(0, 1);
    const calls = functions.flatMap((fn) => this.#callsOf(fn)).filter(({ make }) => make.length === 0);
    const withCall = calls.map(({ call }): CrateProbe => ({ ...nothing, kind, make: visited.slice(0, 1), call }));
    const alone = own.map((make): CrateProbe => ({ ...nothing, kind, make: [make] }));
    return Array.from({ length: Math.max(withCall.length, alone.length) }).flatMap((_, index) => [alone[index] ?? [], withCall[index] ?? []].flat());
  }

  /** Through what the constructor keeps, a method puts into it, or Python may set. */
  #cycles(struct: RustStruct): CrateProbe[] {
    const found = this.#chosen.get(`${struct.id}`);
    const make = found?.find(({ keeps }) => keeps) ?? found?.[0];
    if (make === undefined) return [];
    const own = this.#program.functions.filter(({ owner }) => owner?.declaration === struct.id);
    const puts = make.keeps ? undefined : own.flatMap((fn) => this.#callsOf(fn)).find(({ keeps }) => keeps);
    return [{ kind: "cycles", make: [make.text], call: puts?.call, calls: [], attributes: settableObjects(struct) }];
  }

  /** Each method that borrows mutably against itself and against the others. */
  #borrows({ functions, classes }: Suspect): CrateProbe[] {
    const kind = "borrow";
    const mine = functions.filter((fn) => borrowsMutably(fn)).flatMap((fn) => this.#callsOf(fn));
    const others = this.#methodsOf(classes);
    const same = mine.map(({ call, make }): CrateProbe => ({ ...nothing, kind, make, calls: [call, call] }));
    const mixed = mine.flatMap(({ call, make }) =>
      others.filter((other) => other.call !== call).map((other): CrateProbe => ({ ...nothing, kind, make, calls: [call, other.call] })),
    );
    return [...same.slice(0, mostProbes / 2), ...mixed];
  }

  #methodsOf(classes: readonly RustStruct[]): KnownCall[] {
    const ids = new Set(classes.map(({ id }) => id));
    const methods = this.#program.functions.filter(({ owner, exposed }) => exposed === "method" && ids.has(owner?.declaration ?? -1));
    return methods.flatMap((fn) => this.#callsOf(fn));
  }

  #objectsOf(classes: readonly RustStruct[]): string[] {
    return classes.flatMap(({ id }) => this.#chosen.get(`${id}`)?.[0]?.text ?? []).slice(0, mostObjects);
  }

  /** Calls with a callback first: others run in its middle. */
  #callsOf(fn: RustFunction): KnownCall[] {
    const found = this.#chosen.get(functionKey(this.#program, fn)) ?? [];
    const isBound = found.some(({ text }) => /\br\b/.test(text));
    const make = isBound ? this.#chosen.get(`${fn.owner?.declaration ?? -1}`)?.slice(0, 1) : [];
    if (make === undefined) return [];
    const isCallback = (text: string): number => (/\bf\b/.test(text) ? 0 : 1);
    return found
      .toSorted((a, b) => isCallback(a.text) - isCallback(b.text))
      .map(({ text, keeps }) => ({ call: text, make: make.map((each) => each.text), keeps }));
  }
}
