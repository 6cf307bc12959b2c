// Extracted functions in; out, those that one and the same thread runs, each with why: called by an engine with one thread, or by a command,
// directly, through functions that nothing else calls, or as methods of objects that only such functions make.
// Source: thread ownership as in RacerD's @UiThread and @ThreadConfined (Blackshear et al., OOPSLA 2018), inferred from the call graph.
// Misses: a second engine, loop or command in another thread of the process.
import { commandModule, hostEngines, programEntries, singleUserBases, testModule } from "../../models/index.ts";
import type { Creation, ExtractedClass, ExtractedFunction, ModuleFacts } from "../module-facts.ts";
import type { CallGraph } from "./call-graph.ts";
import { modulesOn } from "./engine-modules.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import { loopClasses } from "./loop-classes.ts";
import { isCalledByName, lastNameOf } from "./own-names.ts";

/** Why a function runs in one thread only, by its number. */
export function oneThreadFunctions(program: ExtractedProgram, graph: Pick<CallGraph, "callersOf" | "isInner">): ReadonlyMap<number, string> {
  const search = new OneThreadSearch(program, graph);
  search.noteHosts();
  search.noteEntries();
  search.noteBases();
  search.noteLoops();
  search.spread();
  return search.reasons;
}

class OneThreadSearch {
  readonly reasons = new Map<number, string>();
  private readonly program: ExtractedProgram;
  private readonly functions: readonly ExtractedFunction[];
  private readonly graph: Pick<CallGraph, "callersOf" | "isInner">;
  private readonly creations: readonly Creation[];
  /** Classes whose objects others may make. */
  private readonly handedOut: ReadonlySet<string>;
  /** Classes that are not there for tests. */
  private readonly used: readonly ExtractedClass[];
  private readonly members: ReadonlyMap<string, readonly number[]>;
  /** Numbers of functions that threads of their own run, and of those whose objects expect several threads. */
  private readonly threaded: ReadonlySet<number>;
  /** Modules of the command line. */
  private readonly commands: ReadonlySet<string>;

  constructor(program: ExtractedProgram, graph: Pick<CallGraph, "callersOf" | "isInner">) {
    this.program = program;
    this.functions = program.functions;
    this.graph = graph;
    this.creations = program.modules.flatMap(({ handed }) => handed.creations);
    this.handedOut = new Set(program.modules.flatMap(handedOut));
    this.used = [...program.classes.values()].filter(({ module }) => !testModule.test(module));
    this.members = membersOf(this.functions);
    this.commands = new Set(program.modules.flatMap(({ name }) => (commandModule.test(name) ? [name] : [])));
    this.threaded = withTheirObjects(threadedFunctions(program), this.functions, this.members);
  }

  noteHosts(): void {
    for (const engine of hostEngines) {
      const modules = modulesOn(engine, this.program);
      if (modules.size > 0) this.functions.forEach((fn, id) => void (modules.has(fn.module) && this.note(id, engine.because)));
    }
  }

  noteEntries(): void {
    for (const { entry, decorator, because } of programEntries) {
      this.functions.forEach((fn, id) => {
        const begins = entry?.test(lastNameOf(fn)) === true || (decorator !== undefined && fn.decorators.some((text) => decorator.test(text)));
        if (begins || (this.isOfCommandLine(fn) && this.graph.callersOf(id).length === 0)) this.note(id, because);
      });
    }
  }

  /** Methods of test cases, commands and sessions with one user. */
  noteBases(): void {
    const rows = singleUserBases.filter(({ runs }) => runs !== undefined);
    for (const cls of this.program.classes.values()) {
      const bases = cls.lineage.flatMap((key) => this.program.classes.get(key)?.externalNames ?? []);
      const row = bases.length === 0 ? undefined : rows.find((each) => each.bases.some((base) => bases.includes(base)));
      if (row?.runs !== undefined) for (const id of this.members.get(cls.key) ?? []) this.note(id, row.runs);
    }
  }

  /** Methods of objects that tasks of an event loop work with. */
  noteLoops(): void {
    const onLoop = loopClasses(this.functions, this.program.classes);
    for (const { key } of onLoop.size > 0 ? this.used : [])
      if (onLoop.has(key)) for (const id of this.members.get(key) ?? []) this.note(id, "on the event loop of its coroutines");
  }

  /** Public only because other modules of the command line call it, or because the installed script does. */
  private isOfCommandLine({ role, module }: ExtractedFunction): boolean {
    return (role === "function" || role === "module") && this.commands.has(module);
  }

  private note(id: number, because: string): void {
    if (!this.threaded.has(id) && !this.reasons.has(id)) this.reasons.set(id, because);
  }

  /** To functions that only these call, and to the objects that only these make, until nothing is added. */
  spread(): void {
    if (this.reasons.size === 0) return;
    let open = this.functions.flatMap((fn, id) => ((this.graph.isInner(fn) && isCalledByName(fn)) || this.isOfCommandLine(fn) ? [id] : []));
    for (let before = -1; before !== this.reasons.size;) {
      before = this.reasons.size;
      open = open.filter((id) => !this.followCallers(id));
      for (const [cls, because] of this.madeHere()) for (const id of this.members.get(cls) ?? []) this.note(id, because);
    }
  }

  private followCallers(id: number): boolean {
    const callers = this.graph.callersOf(id);
    const because = this.reasons.get(callers.find((caller) => caller !== id) ?? -1);
    if (because === undefined || !callers.every((caller) => caller === id || this.reasons.has(caller))) return false;
    this.note(id, because);
    return true;
  }

  /** Classes all of whose objects, those of subclasses included, are made by these functions and not meant for others. */
  private madeHere(): Map<string, string> {
    const { classes, idOf } = this.program;
    const made = new Map<string, string>();
    const elsewhere = new Set(this.handedOut);
    for (const { type, functionKey } of this.creations) {
      const because = this.reasons.get(idOf.get(functionKey) ?? -1);
      if (because === undefined) elsewhere.add(type);
      else for (const base of classes.get(type)?.lineage ?? []) made.set(base, because);
    }
    const ofOthers = this.used.filter(({ key }) => elsewhere.has(key) || !made.has(key));
    // Who extends a class without making objects leaves that to users.
    for (const { lineage } of ofOthers) for (const base of lineage) made.delete(base);
    return made;
  }
}

/** A package hands out what lives in it, or stands at the top; other imports serve its own code. */
function handedOut({ name, exportedClasses }: ModuleFacts): readonly string[] {
  return name.includes(".") ? exportedClasses.filter((key) => key.startsWith(`${name}.`) || key.startsWith(`${name}:`)) : exportedClasses;
}

/** Functions that threads are started on, and what these call. */
function threadedFunctions({ idOf, targets, starts }: ExtractedProgram): ReadonlySet<number> {
  const found = new Set(starts.filter(({ runs }) => runs !== "moment").flatMap(({ key }) => idOf.get(key) ?? []));
  const waiting = [...found];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const id of targets[next]?.flat() ?? []) {
      if (found.has(id)) continue;
      found.add(id);
      waiting.push(id);
    }
  }
  return found;
}

/** An object with a method that a thread runs, or that takes a lock, meets several threads in all its methods. */
function withTheirObjects(
  threaded: ReadonlySet<number>,
  functions: readonly ExtractedFunction[],
  members: ReadonlyMap<string, readonly number[]>,
): ReadonlySet<number> {
  const found = new Set(threaded);
  const isThreads = (id: number): boolean => threaded.has(id) || (functions[id]?.lockSpans ?? 0) > 0;
  for (const ids of members.values()) if (ids.some(isThreads)) for (const id of ids) found.add(id);
  return found;
}

function membersOf(functions: readonly ExtractedFunction[]): ReadonlyMap<string, readonly number[]> {
  const members = new Map<string, number[]>();
  functions.forEach(({ owner }, id) => {
    if (owner === undefined) return;
    const known = members.get(owner);
    if (known) known.push(id);
    else members.set(owner, [id]);
  });
  return members;
}
