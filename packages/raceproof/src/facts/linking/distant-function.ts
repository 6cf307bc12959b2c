// Columns of a linked program and a number in, that function as rules see it out: what stands in columns at once, its body when somebody
// asks for it.
import type { FunctionFact, SourceSpan } from "../../vocabulary/index.ts";
import { noLocks } from "../../vocabulary/index.ts";
import { flagsOfFunctions } from "./linked-state.ts";
import type { LinkedModule, LinkedState } from "./linked-state.ts";

export interface Distance {
  readonly state: LinkedState;
  readonly names: readonly string[];
  moduleOf(id: number): LinkedModule;
  /** With its body. */
  whole(id: number): FunctionFact;
}

type Flag = (typeof flagsOfFunctions)[number];

export class DistantFunction implements FunctionFact {
  readonly id: number;
  readonly #distance: Distance;

  constructor(id: number, distance: Distance) {
    this.id = id;
    this.#distance = distance;
  }

  get module(): string {
    return this.#distance.moduleOf(this.id).name;
  }
  get qualifiedName(): string {
    return this.#distance.names[this.id] as string;
  }
  get owner(): string | undefined {
    return this.#distance.state.functions.owners[this.id];
  }
  get role(): FunctionFact["role"] {
    return this.#distance.state.functions.roles[this.id] as FunctionFact["role"];
  }
  get span(): SourceSpan {
    const [line = 0, column = 0, endLine = 0, endColumn = 0] = this.#distance.state.functions.spans.subarray(this.id * 4);
    return { file: this.#distance.moduleOf(this.id).file, line, column, endLine, endColumn };
  }

  get public(): boolean {
    return this.#is("public");
  }
  get generator(): boolean {
    return this.#is("generator");
  }
  get asynchronous(): boolean {
    return this.#is("asynchronous");
  }
  get contextManager(): boolean {
    return this.#is("contextManager");
  }
  get neverReturns(): boolean {
    return this.#is("neverReturns");
  }
  get predicate(): boolean {
    return this.#is("predicate");
  }
  get raises(): boolean {
    return this.#is("raises");
  }

  get phase(): FunctionFact["phase"] {
    return this.#distance.state.values.phases[this.id] ?? "ordinary";
  }
  get eventLoopOnly(): boolean {
    return this.#distance.state.values.eventLoop.has(this.id);
  }
  get oneThread(): string | undefined {
    return this.#distance.state.values.oneThread.get(this.id);
  }
  get entryLockset(): FunctionFact["entryLockset"] {
    return this.#distance.state.values.entryLocks[this.id] ?? noLocks;
  }
  get callerLocks(): FunctionFact["callerLocks"] {
    return this.#distance.state.values.callerLocks[this.id] ?? noLocks;
  }
  get threadEntry(): string | undefined {
    return this.#distance.state.values.threadEntries.get(this.id);
  }
  get callers(): FunctionFact["callers"] {
    return this.#distance.state.values.callers[this.id] ?? [];
  }

  get parameters(): FunctionFact["parameters"] {
    return this.#whole.parameters;
  }
  get accesses(): FunctionFact["accesses"] {
    return this.#whole.accesses;
  }
  get calls(): FunctionFact["calls"] {
    return this.#whole.calls;
  }
  get tests(): FunctionFact["tests"] {
    return this.#whole.tests;
  }
  get acquisitions(): FunctionFact["acquisitions"] {
    return this.#whole.acquisitions;
  }
  get suspensions(): FunctionFact["suspensions"] {
    return this.#whole.suspensions;
  }
  get publications(): FunctionFact["publications"] {
    return this.#whole.publications;
  }
  get decorators(): FunctionFact["decorators"] {
    return this.#whole.decorators;
  }
  get returnAnnotation(): string | undefined {
    return this.#whole.returnAnnotation;
  }
  get returned(): FunctionFact["returned"] {
    return this.#whole.returned;
  }

  get #whole(): FunctionFact {
    return this.#distance.whole(this.id);
  }

  #is(flag: Flag): boolean {
    return ((this.#distance.state.functions.flags[this.id] as number) & (1 << flagsOfFunctions.indexOf(flag))) !== 0;
  }
}
