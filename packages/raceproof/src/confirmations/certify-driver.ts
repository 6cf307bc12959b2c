// Every interleaving of a small driver, by DPOR. Enters: a driver and what its bounds showed. Leaves: how many traces were played and
// whether they were all: then no interleaving of the accesses the agent sees gives anything but a serial outcome.
// It does not see inside C calls, and gives up on what a trace does not model: sleeps, timeouts, threads of the subject.
import type { Schedule, ScheduleSegment } from "../vocabulary/index.ts";
import { AgentFailure } from "./agent-failure.ts";
import type { ActiveSites, TraceReply, Transition } from "./agent-messages.ts";
import type { PreparedDriver } from "./prepare-driver.ts";
import { SourceSets } from "./schedulers/source-sets.ts";
import { now, type SearchEnd, type SearchLimits, type SearchSpace } from "./search.ts";

export interface CertificateAttempt {
  readonly strategy: string;
  readonly traces: number;
  readonly isComplete: boolean;
  readonly undecided: readonly string[];
  /** Only when the search is over altogether. */
  readonly end?: SearchEnd;
}

export interface CertificateScope {
  readonly sites: readonly string[];
  /** Switch points per thread over these sites. */
  readonly lengths: readonly number[];
  readonly onFailure: SearchSpace["onFailure"];
}

/** Above this many conflicting accesses in all threads DPOR rarely ends. */
const MOST_CONFLICTING = 44;
/** Accesses that do not conflict add no traces, only work per trace. */
const MOST_ACCESSES = 240;
const MOST_TRACES = 600;

/** Undefined when the driver is too large to try. */
export async function certifyDriver(prepared: PreparedDriver, scope: CertificateScope, limits: SearchLimits): Promise<CertificateAttempt | undefined> {
  if (sum(scope.lengths) > MOST_CONFLICTING) return undefined;
  const isAll = sum(prepared.steps) <= MOST_ACCESSES;
  const attempt = new Attempt(prepared, isAll ? "all" : scope.sites, scope.onFailure);
  const ending = await attempt.run(limits);
  const over = isAll ? "all accesses" : "the conflicting accesses";
  const strategy = `source-set DPOR over ${over}${ending.hindrance === undefined ? "" : ` (given up: ${ending.hindrance})`}`;
  const { traces, undecided } = attempt;
  return { strategy, traces, isComplete: ending.isComplete && undecided.size === 0, undecided: [...undecided], ...(ending.end && { end: ending.end }) };
}

interface Ending {
  readonly isComplete: boolean;
  readonly hindrance?: string;
  readonly end?: SearchEnd;
}

class Attempt {
  traces = 0;
  readonly undecided = new Set<string>();
  readonly #prepared: PreparedDriver;
  readonly #sites: ActiveSites;
  readonly #onFailure: SearchSpace["onFailure"];
  readonly #seen = new Set<string>();

  constructor(prepared: PreparedDriver, sites: ActiveSites, onFailure: SearchSpace["onFailure"]) {
    this.#prepared = prepared;
    this.#sites = sites;
    this.#onFailure = onFailure;
  }

  async run(limits: SearchLimits): Promise<Ending> {
    const search = new SourceSets();
    for (let asked = search.next(); asked !== undefined; asked = search.next()) {
      if (this.traces >= MOST_TRACES || now() >= limits.deadline || limits.signal?.aborted === true) return { isComplete: false };
      let reply: TraceReply;
      try {
        reply = await this.#prepared.player.trace(this.#sites, asked.prefix, asked.sleeping);
      } catch (error) {
        if (!(error instanceof AgentFailure)) throw error;
        return { isComplete: false, end: { kind: "died", reason: error.reason, schedule: undefined } };
      }
      if (reply.unmodeled !== null) return { isComplete: false, hindrance: reply.unmodeled };
      if (!reply.followed) return { isComplete: false, hindrance: "an execution did not repeat itself" };
      search.learn(reply.events, reply.waiting);
      if (reply.redundant) continue;
      this.traces += 1;
      if ((await this.#judge(reply)) === "stop") return { isComplete: false, end: { kind: "stopped" } };
    }
    return { isComplete: true };
  }

  async #judge({ outcome: id, events }: TraceReply): Promise<"stop" | "go on"> {
    if (this.#seen.has(id)) return "go on";
    this.#seen.add(id);
    const { player, steps } = this.#prepared;
    const judgment = player.judge(id);
    if (judgment.kind === "undecided") this.undecided.add(judgment.reason);
    if (judgment.kind !== "failure") return "go on";
    return this.#onFailure({ schedule: scheduleOf(events, steps.length), outcome: player.outcome(id), signature: judgment.signature, sites: this.#sites });
  }
}

/** The same execution as segments: a stop wherever another thread takes over. */
function scheduleOf(events: readonly Transition[], threads: number): Schedule {
  const segments: ScheduleSegment[] = [];
  const made = Array.from({ length: threads }, () => 0);
  events.forEach(({ thread }, index) => {
    made[thread] = (made[thread] ?? 0) + 1;
    const following = events[index + 1]?.thread;
    if (following === undefined || following === thread) return;
    const goesOn = events.slice(index + 1).some((event) => event.thread === thread);
    segments.push([thread, goesOn ? (made[thread] ?? 0) + 1 : null]);
  });
  const last = events.at(-1)?.thread ?? 0;
  const order = [last, ...made.map((_, thread) => thread).filter((thread) => thread !== last)];
  return [...segments, ...order.map((thread): ScheduleSegment => [thread, null])];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
