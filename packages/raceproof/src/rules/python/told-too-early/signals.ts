// A function in, the calls in it after which another thread may go on out, each with the accesses of that thread that may come at once:
// a thread is started, an event set or cleared, a task acknowledged, a future resolved, a request sent.
// Sources: docs.python.org/3/library/threading (Thread.start, Event), queue (Queue.task_done), concurrent.futures (Future.set_result), socket.
import { loopFutures, threadMakers } from "../../../models/index.ts";
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { activity } from "../activity.ts";
import { indexOf } from "../program-index.ts";

export interface Signal {
  readonly call: CallFact;
  readonly how: "started" | "woken" | "asked";
  /** Another thread is seen to look: it waits for this very signal, or is this very thread. */
  readonly certain: boolean;
  /** Accesses of the other side to a location. */
  readonly looksAt: (store: AccessFact) => readonly AccessFact[];
}

/** What ends a wait, and the questions and waits that it answers. */
const answeredBy: ReadonlyMap<string, readonly string[]> = new Map([
  ["set", ["wait", "is_set", "isSet"]],
  ["clear", ["set"]],
  ["task_done", ["join"]],
  ["set_result", ["result"]],
  ["set_exception", ["result"]],
]);

/** Hand a message, or work, to somebody who may be quick; the last two only where the receiver is called a connection. */
const sends: ReadonlySet<string> = new Set([
  "sendall",
  "sendto",
  "send_bytes",
  "send_message",
  "send_multipart",
  "put",
  "put_nowait",
  "publish",
  "send",
  "write",
]);
const connection = /(^|[._])(sock|socket|conn|connection|channel|transport|stream|ws|websocket|client)\.(send|write)$/;

/** Run the function that they are given beside their caller, or at once when the event has come already. */
const runsGiven: ReadonlySet<string> = new Set(["submit", "apply_async", "call_soon_threadsafe", "add_done_callback"]);

/** A request is most often sent a few calls below the function that waits for its answer. */
const deepestSend = 3;

export class SignalFinder {
  readonly #program: Program;
  #senders: ReadonlySet<number> | undefined;
  #waits: ReadonlyMap<string, readonly CallFact[]> | undefined;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Functions that may contain a signal. */
  suspects(): ReadonlySet<number> {
    const index = indexOf(this.#program);
    const calls = index.callsNamed(["start", ...runsGiven, ...answeredBy.keys()]);
    // Requests are looked for where a table is filled.
    return new Set([...calls.map(({ functionId }) => functionId), ...index.functionsDoing(activity.element).map(({ id }) => id)]);
  }

  signalsIn(fn: FunctionFact): Signal[] {
    const out: Signal[] = [];
    // Answers find their entry in a table: without one nobody is asked.
    const fillsTable = fn.accesses.some(({ operation }) => operation === "[]=");
    for (const call of fn.calls) {
      const method = methodOf(call);
      const signal =
        method === "start" || runsGiven.has(method)
          ? this.#started(fn, call)
          : answeredBy.has(method)
            ? this.#woken(fn, call)
            : fillsTable
              ? this.#asked(fn, call)
              : undefined;
      if (signal) out.push(signal);
    }
    return out;
  }

  #started(fn: FunctionFact, call: CallFact): Signal | undefined {
    if (methodOf(call) === "add_done_callback" && isOfLoop(fn, call)) return undefined;
    const entries = runsGiven.has(methodOf(call)) ? call.passes : this.#entriesOf(fn, call);
    if (entries.length === 0) return undefined;
    return { call, how: "started", certain: true, looksAt: (store) => this.#accessesBelow(entries, store) };
  }

  /** Functions that begin to run: targets given to the thread in this function, or `run` of its class. */
  #entriesOf(fn: FunctionFact, call: CallFact): number[] {
    if (call.text.startsWith("super(")) return this.#runOf(fn.owner);
    const name = call.text.slice(0, -".start".length);
    const isAttribute = name.startsWith("self.");
    const where = isAttribute && fn.owner !== undefined ? [...(this.#program.classes.get(fn.owner)?.methods.values() ?? [])] : [fn.id];
    const calls = where.flatMap((id) => this.#program.functions[id]?.calls ?? []);
    const made = calls.filter((each) =>
      name.startsWith(`${each.text}(`)
        ? each.order === call.order || each.span.line === call.span.line
        : this.#program.sourceOf(each.statement).startsWith(`${name} = ${each.text}(`),
    );
    return made.flatMap((each) => {
      if (threadMakers.has(each.external ?? "")) return each.passes;
      return each.targets.flatMap((id) => (this.#program.functions[id]?.phase === "construction" ? this.#runOf(this.#program.functions[id].owner) : []));
    });
  }

  #runOf(owner: string | undefined): number[] {
    const run = owner === undefined ? undefined : this.#program.lineageOf(owner).flatMap(({ methods }) => methods.get("run") ?? [])[0];
    return run !== undefined && this.#program.functions[run]?.threadEntry !== undefined ? [run] : [];
  }

  #accessesBelow(entries: readonly number[], { location }: AccessFact): AccessFact[] {
    const near = new Set(entries.flatMap((id) => [id, ...(this.#program.functions[id]?.calls ?? []).flatMap(({ targets }) => targets)]));
    return indexOf(this.#program)
      .reachable(location.key)
      .filter(({ functionId }) => near.has(functionId));
  }

  #woken(fn: FunctionFact, call: CallFact): Signal | undefined {
    const answers = answeredBy.get(methodOf(call));
    const object = answers && objectOf(fn, call);
    const waits = object ? (this.#waitsFor().get(object.location.key) ?? []).filter((wait) => answers.includes(methodOf(wait))) : [];
    if (waits.length === 0) return undefined;
    const waiting = new Map(waits.map((wait) => [wait.functionId, wait.order]));
    const isCleared = methodOf(call) === "clear";
    // Who is about to set the event again has looked before; who waits for it looks afterwards.
    const looks = ({ functionId, order }: AccessFact): boolean => {
      const wait = waiting.get(functionId);
      return wait !== undefined && (isCleared ? order < wait : order > wait);
    };
    return { call, how: "woken", certain: true, looksAt: ({ location }) => indexOf(this.#program).reachable(location.key).filter(looks) };
  }

  /** Questions to events and queues, and waits for them, by the location of the event. */
  #waitsFor(): ReadonlyMap<string, readonly CallFact[]> {
    this.#waits ??= this.#findWaits();
    return this.#waits;
  }

  #findWaits(): ReadonlyMap<string, readonly CallFact[]> {
    const out = new Map<string, CallFact[]>();
    for (const call of indexOf(this.#program).callsNamed(new Set([...answeredBy.values()].flat()))) {
      const object = objectOf(this.#program.functions[call.functionId] as FunctionFact, call);
      if (object) out.set(object.location.key, [...(out.get(object.location.key) ?? []), call]);
    }
    return out;
  }

  #asked(fn: FunctionFact, call: CallFact): Signal | undefined {
    const sendsItself = call.targets.length > 0 && /^self\.\w+$/.test(call.text) && call.targets.some((id) => this.#sendersOf().has(id));
    if (!sendsItself && !isSend(call)) return undefined;
    const looksAt = (store: AccessFact): AccessFact[] => this.#lookups(fn, store);
    return { call, how: "asked", certain: false, looksAt };
  }

  /** Others take the entry out, or look it up, by a key that came with the answer. */
  #lookups(fn: FunctionFact, store: AccessFact): AccessFact[] {
    if (store.operation !== "[]=" || store.key === undefined) return [];
    const others = indexOf(this.#program)
      .reachable(store.location.key)
      .filter((access) => access.functionId !== fn.id && access.key !== undefined);
    const answers = others.filter(({ operation, origins }) => (operation === "pop" || operation === "[]" || operation === "get") && origins.length > 0);
    const removes = others.some(({ operation }) => operation === "pop" || operation === "del[]");
    return removes ? answers : [];
  }

  #sendersOf(): ReadonlySet<number> {
    this.#senders ??= this.#findSenders();
    return this.#senders;
  }

  #findSenders(): ReadonlySet<number> {
    const all = new Set<number>();
    let newest = indexOf(this.#program)
      .callsNamed(sends)
      .flatMap((call) => (isSend(call) ? call.functionId : []));
    for (let depth = 0; depth < deepestSend && newest.length > 0; depth++) {
      for (const id of newest) all.add(id);
      newest = newest.flatMap((id) => this.#program.functions[id]?.callers ?? []).filter((id) => !all.has(id));
    }
    return all;
  }
}

function isSend(call: CallFact): boolean {
  const method = methodOf(call);
  return sends.has(method) && method !== call.text && ((method !== "send" && method !== "write") || connection.test(call.text));
}

/** The call is of a method of an event loop's future. */
function isOfLoop({ calls }: FunctionFact, { receiver }: CallFact): boolean {
  return receiver.length > 0 && calls.some((maker) => loopFutures.has(methodOf(maker)) && receiver.includes(`call@${maker.order}`));
}

const methodOf = ({ text }: CallFact): string => text.slice(text.lastIndexOf(".") + 1);

/** The shared object that a method is called on. */
function objectOf(fn: FunctionFact, { text, order }: CallFact): AccessFact | undefined {
  const receiver = text.slice(0, Math.max(0, text.lastIndexOf(".")));
  return receiver === "" ? undefined : fn.accesses.find((access) => access.order === order && access.text === receiver && access.sharing === "shared");
}
