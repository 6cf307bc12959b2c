// One opened driver: plays serial orders, schedules and plans on it, and keeps the text of every outcome it has seen.
import { type DriverText, isSeeded, type Outcome, type Plan, type PlayableSchedule, type Relaxation, type Schedule } from "../vocabulary/index.ts";
import type {
  ActiveSites,
  AgentCommand,
  ExploreReply,
  FieldsOf,
  FootprintReply,
  NameReply,
  ProfileReply,
  ReplayReply,
  ReplyOf,
  SeededSchedules,
  SerialReply,
  TraceReply,
} from "./agent-messages.ts";
import { judgeOutcome, type Judgment } from "./oracles/serial-order.ts";

export type AskAgent = <C extends AgentCommand>(command: C, fields: FieldsOf<C>, seconds: number) => Promise<ReplyOf<C>>;

export interface Batch {
  readonly sites: ActiveSites;
  readonly schedules: readonly PlayableSchedule[];
  /** Ids of outcomes to go on after. */
  readonly accept: readonly string[];
  /** After so long, what has not been played is left. */
  readonly milliseconds: number;
}

/** Of each access of a trace: where it is; also what it read and wrote; or also through which lines it was reached. */
export type ToldOfAccesses = "places" | "values" | "callers";

const SERIAL_SECONDS = 60;
const BATCH_SECONDS = 60;
const SERIAL_REPEATS = 2;

/** Rejects with AgentFailure; void once its session opened another driver or lost its process. */
export class Player {
  readonly driver: DriverText;
  /** By outcome id: what was judged benign because it is declared to be. */
  readonly relaxed: Map<string, Relaxation> = new Map();
  readonly #ask: AskAgent;
  readonly #declared: readonly Relaxation[];
  readonly #outcomes = new Map<string, Outcome>();
  #serial: readonly Outcome[] = [];

  constructor(driver: DriverText, ask: AskAgent, declared: readonly Relaxation[] = []) {
    this.driver = driver;
    this.#ask = ask;
    this.#declared = declared;
  }

  /** A first look at each order: when one does not end, repeating it would only take long. */
  async serial(): Promise<SerialReply> {
    const look = await this.#ask("serial", { repeats: 1, warmups: 1 }, SERIAL_SECONDS);
    const isStuck = look.outcomes.some(({ ending }) => ending === "hang");
    if (!isStuck) return this.#serialTwice(1);
    this.#serial = look.outcomes;
    return this.#learned(look, ({ outcomes }) => outcomes);
  }

  /** For operations that are known to end in a process that is warm: no first look. */
  serialOnce(): Promise<SerialReply> {
    return this.#serialTwice(0);
  }

  async #serialTwice(warmups: number): Promise<SerialReply> {
    const reply = await this.#ask("serial", { repeats: SERIAL_REPEATS, warmups }, SERIAL_SECONDS);
    this.#serial = reply.outcomes;
    return this.#learned(reply, ({ outcomes }) => outcomes);
  }

  /** Each of the threads alone. */
  footprint(threads: readonly number[]): Promise<FootprintReply> {
    return this.#ask("footprint", { threads }, SERIAL_SECONDS);
  }

  profile(): Promise<ProfileReply> {
    return this.#ask("profile", {}, SERIAL_SECONDS);
  }

  /** Stops at the first outcome that is not accepted. */
  async explore({ sites, schedules, accept, milliseconds }: Batch): Promise<ExploreReply> {
    const fields = { sites, schedules: withCounts(schedules), accept, stop: true, milliseconds };
    return this.#learned(await this.#ask("explore", fields, BATCH_SECONDS), (reply) => reply.new);
  }

  /** One execution that begins with these threads' transitions. */
  async trace(sites: ActiveSites, prefix: readonly number[], sleeping: readonly number[]): Promise<TraceReply> {
    return this.#learned(await this.#ask("trace", { sites, prefix, sleeping }, BATCH_SECONDS), (reply) => reply.new);
  }

  async name(sites: ActiveSites, schedule: PlayableSchedule, told: ToldOfAccesses = "places"): Promise<NameReply> {
    return this.#learned(await this.#ask("name", { sites, schedule, values: told === "values", callers: told === "callers" }, BATCH_SECONDS), (reply) => [
      reply.outcome,
    ]);
  }

  async replay(plan: Plan, times: number): Promise<ReplayReply> {
    return this.#learned(await this.#ask("replay", { plan, times }, BATCH_SECONDS), (reply) => reply.new);
  }

  /** Module -> SHA-256 of its source, for those that were imported. */
  async sources(modules: readonly string[]): Promise<Readonly<Record<string, string>>> {
    return (await this.#ask("sources", { modules }, SERIAL_SECONDS)).sources;
  }

  /** Against the serial orders, which serial() must have played before. */
  judge(id: string): Judgment {
    const outcome = this.#outcomes.get(id);
    if (outcome === undefined) return { kind: "undecided", reason: "an outcome came back that only the warm-up had given" };
    const judgment = judgeOutcome(outcome, this.#serial, this.#declared);
    if (judgment.kind === "relaxed") this.relaxed.set(id, judgment.relaxation);
    return judgment;
  }

  /** An outcome that was judged a failure; the agent sends each text once. */
  outcome(id: string): Outcome {
    const outcome = this.#outcomes.get(id);
    if (outcome === undefined) throw new Error(`outcome ${id} has no text`);
    return outcome;
  }

  #learned<Reply>(reply: Reply, outcomesOf: (reply: Reply) => readonly Outcome[]): Reply {
    for (const outcome of outcomesOf(reply)) this.#outcomes.set(outcome.id, outcome);
    return reply;
  }
}

/** Neighbors that differ in nothing but a seed counted up travel as one value. */
function withCounts(schedules: readonly PlayableSchedule[]): (Schedule | SeededSchedules)[] {
  const packed: (Schedule | SeededSchedules)[] = [];
  for (const schedule of schedules) {
    const last = packed.at(-1);
    if (!isSeeded(schedule)) packed.push(schedule);
    else if (last !== undefined && isSeeded(last) && continues(last, schedule)) packed[packed.length - 1] = { ...last, count: last.count + 1 };
    else packed.push({ ...schedule, count: 1 });
  }
  return packed;
}

function continues({ kind, seed, count, depth, counts, interesting }: SeededSchedules, next: PlayableSchedule): boolean {
  return (
    isSeeded(next) && next.kind === kind && next.seed === seed + count && next.depth === depth && next.counts === counts && next.interesting === interesting
  );
}
