// Extracted functions and the call graph in; out, the parameters (the receiver among them) that hold an object which nobody but the caller
// has: every call inside the program passes one that its function has just made, or one that it owns in the same way.
// Source: conditional ownership of parameters, composed over the call graph, in RacerD (Blackshear et al., OOPSLA 2018), here as a greatest fixpoint.
// Misses: functions that users may call, and objects passed through expressions that are not names.
import type { ExtractedCall, ExtractedFunction, ExtractedHanding } from "../module-facts.ts";
import type { CallGraph, CallSite } from "./call-graph.ts";
import type { KeepingParameters } from "./created-classes.ts";
import { isCalledByName } from "./own-names.ts";

/** Names of owned parameters by number of the function; functions without any are left out. */
export type OwnedParameters = ReadonlyMap<number, ReadonlySet<string>>;

/** `keeping`: parameters whose argument a function stores somewhere. */
export function ownedParameters(functions: readonly ExtractedFunction[], graph: CallGraph, keeping: KeepingParameters): OwnedParameters {
  const search = new OwnershipSearch(functions, graph, keeping);
  const owned = new Map<number, Set<string>>();
  for (const { functionId, name } of search.solve()) {
    const names = owned.get(functionId);
    if (names) names.add(name);
    else owned.set(functionId, new Set([name]));
  }
  return owned;
}

interface Parameter {
  readonly functionId: number;
  readonly name: string;
}

/** A parameter of the calling function stands for "owned if that one is". */
type Passed = "owned" | "shared" | Parameter;

function keyOf({ functionId, name }: Parameter): string {
  return `${functionId}:${name}`;
}

interface Candidate {
  readonly parameter: Parameter;
  /** Some call passes what its function has just made. */
  readonly isMade: boolean;
  readonly needed: readonly Parameter[];
}

/** A function that only calls itself, or two that call each other, have an unknown first caller. */
function grounded(candidates: readonly Candidate[]): readonly Candidate[] {
  const known = new Set<string>();
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const { parameter, isMade, needed } of candidates) if (isMade || needed.some((each) => known.has(keyOf(each)))) known.add(keyOf(parameter));
  }
  return candidates.filter(({ parameter }) => known.has(keyOf(parameter)));
}

const none: readonly ExtractedHanding[] = [];

class OwnershipSearch {
  private readonly functions: readonly ExtractedFunction[];
  private readonly graph: CallGraph;
  private readonly keeping: KeepingParameters;
  private readonly handings = new Map<number, Map<number, ExtractedHanding[]>>();

  constructor(functions: readonly ExtractedFunction[], graph: CallGraph, keeping: KeepingParameters) {
    this.functions = functions;
    this.graph = graph;
    this.keeping = keeping;
  }

  /** Starts with all that may be owned and takes away what depends on others that are not, or on nothing but itself. */
  solve(): readonly Parameter[] {
    let open = this.candidates();
    for (let before = -1; before !== open.length;) {
      before = open.length;
      const owned = new Set(open.map(({ parameter }) => keyOf(parameter)));
      open = open.filter(({ needed }) => needed.every((each) => owned.has(keyOf(each))));
    }
    return grounded(open).map(({ parameter }) => parameter);
  }

  private candidates(): Candidate[] {
    return this.functions.flatMap((fn, functionId) => {
      if (!this.mayOwn(fn, functionId)) return [];
      return fn.parameters.flatMap(({ name }, index) => {
        const found = this.demandsOf(fn, functionId, index);
        return found ? [{ parameter: { functionId, name }, ...found }] : [];
      });
    });
  }

  /** The body of a generator or a task runs later than the call. */
  private mayOwn(fn: ExtractedFunction, id: number): boolean {
    if (fn.parameters.length === 0 || fn.generator || fn.asynchronous || !this.graph.isInner(fn)) return false;
    return isCalledByName(fn) && this.graph.sitesOf(id).length > 0;
  }

  /** What must be owned by others, or undefined when some call passes what is shared. */
  private demandsOf(fn: ExtractedFunction, id: number, index: number): Omit<Candidate, "parameter"> | undefined {
    if (this.keeping.has(`${fn.key}:${index}`)) return undefined;
    const needed: Parameter[] = [];
    let isMade = false;
    for (const site of this.graph.sitesOf(id)) {
      if (this.graph.phaseOf(site.caller) === "import") continue;
      const passed = hasReceiver(fn) && index === 0 ? this.receiverAt(site) : this.argumentAt(site, fn, index);
      if (passed === "shared") return undefined;
      if (passed === "owned") isMade = true;
      else needed.push(passed);
    }
    return { isMade, needed };
  }

  private receiverAt({ caller, call }: CallSite): Passed {
    if (call.sharing === "fresh" && directCall.test(call.text)) return "owned";
    const fn = this.functions[caller] as ExtractedFunction;
    const receiver = hasReceiver(fn) ? (fn.parameters[0]?.name ?? "") : "";
    if (receiver === "" || !(call.text.startsWith("super().") || rootOf(call.text) === receiver)) return "shared";
    return this.graph.phaseOf(caller) === "construction" && this.isUnseen(fn, receiver, call) ? "owned" : { functionId: caller, name: receiver };
  }

  private argumentAt({ caller, call }: CallSite, callee: ExtractedFunction, index: number): Passed {
    const position = index - (hasReceiver(callee) ? 1 : 0);
    const name = callee.parameters[index]?.name;
    const handing = this.handingsAt(caller, call.order).find((each) => (each.keyword === undefined ? each.position === position : each.keyword === name));
    const fn = this.functions[caller] as ExtractedFunction;
    if (!handing || !this.isUnseen(fn, handing.name, call)) return "shared";
    if (handing.fresh) return "owned";
    return fn.parameters.some((parameter) => parameter.name === handing.name) ? { functionId: caller, name: handing.name } : "shared";
  }

  private handingsAt(caller: number, order: number): readonly ExtractedHanding[] {
    let known = this.handings.get(caller);
    if (!known) {
      this.handings.set(caller, (known = new Map()));
      for (const handing of (this.functions[caller] as ExtractedFunction).handings) known.set(handing.order, [...(known.get(handing.order) ?? []), handing]);
    }
    return known.get(order) ?? none;
  }

  /** Neither published nor given to what keeps it before the call. */
  private isUnseen(fn: ExtractedFunction, name: string, { order }: ExtractedCall): boolean {
    if (fn.publications.some((publication) => publication.name === name && publication.order < order)) return false;
    return fn.handings.every((handing) => handing.name !== name || handing.order >= order || !this.isKept(handing));
  }

  private isKept({ targets, position, keyword }: ExtractedHanding): boolean {
    return targets.some((target) => {
      const fn = this.functions[this.graph.numberOf(target) ?? -1];
      if (!fn) return true;
      const index = keyword === undefined ? position + (hasReceiver(fn) ? 1 : 0) : fn.parameters.findIndex((parameter) => parameter.name === keyword);
      return this.keeping.has(`${target}:${index}`);
    });
  }
}

/** `made.load()`, `Made().load()`: on the object itself, not on a part of it. */
const directCall = /^\w+\.\w+$|\)\.\w+$/;

function rootOf(text: string): string | undefined {
  return /^(\w+)\.\w+$/.exec(text)?.[1];
}

export function hasReceiver({ role }: Pick<ExtractedFunction, "role">): boolean {
  return role === "method" || role === "property" || role === "property-setter";
}
