// Turns a failing schedule into a witness. Enters: a schedule and what it did. Leaves: a minimized, named plan that failed every
// time in the same process and in another one with another hash seed; or why it could not be held on to.
import {
  type DriverText,
  type FailureSignature,
  isSeeded,
  type Plan,
  type PlayableSchedule,
  preemptionsOf,
  type RuntimeRow,
  sourceDigest,
  type TraceEvent,
  type Witness,
} from "../vocabulary/index.ts";
import type { ConfirmationOptions } from "./confirmation-options.ts";
import { type AccessesOf, minimizePlan, type StillFails } from "./minimize-plan.ts";
import { isSameFailure } from "./oracles/serial-order.ts";
import { accessesOf, nameFatalSchedule, traceAround } from "./plan-naming.ts";
import type { Player, ToldOfAccesses } from "./player.ts";
import { prepareDriver, type PreparedDriver } from "./prepare-driver.ts";
import { modulesOf } from "./replay-verdict.ts";
import { replayInSession, replayWitness } from "./replay-witness.ts";
import type { FailingSchedule } from "./search.ts";
import type { LaunchAgent, Session } from "./session.ts";

export type Proof =
  | { readonly kind: "proved"; readonly witness: Witness; readonly row: RuntimeRow }
  /** It failed once, but not every time: neither pass nor fail. */
  | { readonly kind: "unsteady"; readonly reason: string };

export interface ProofSetting {
  readonly options: ConfirmationOptions;
  readonly launch: LaunchAgent;
  /** A process that no search uses, kept for many rechecks; a new one for each when absent. */
  readonly other?: Session | undefined;
}

/** The recheck uses a hash seed that no search uses. */
export const OTHER_HASH_SEED = 4242;
const FRESH_PROCESSES_FOR_A_CRASH = 5;

/** A plan that fails in the recorded way, before it was checked again and again. */
export interface CaughtFailure {
  readonly plan: Plan;
  readonly signature: FailureSignature;
  /** Id of the failing outcome in the catching process; empty when that died. */
  readonly outcome: string;
  readonly trace: readonly TraceEvent[];
  /** Frames of the strange exception, if that is what failed. */
  readonly traceback: readonly string[];
}

/** Plays a failing schedule again and names it. Undefined when it does not fail again. Plans with several stops are minimized at once. */
export async function catchFailure(prepared: PreparedDriver, failing: FailingSchedule): Promise<CaughtFailure | undefined> {
  const { signature, sites } = failing;
  const named = await prepared.player.name(sites, failing.schedule, "callers");
  const found: CaughtFailure = { plan: named.plan, signature, outcome: failing.outcome.id, trace: named.trace, traceback: tracebackOf(failing) };
  if (!isFailing(prepared, named.outcome.id, found)) return undefined;
  if (preemptionsOf(named.plan) < 2) return { ...found, trace: await traceOf(prepared, found, "callers", sites === "all" ? [] : sites) };
  const plan = await minimizePlan(named.plan, playsOn(prepared, found), stayAtSites);
  return { ...found, plan, trace: await traceOf(prepared, { ...found, plan }, "callers") };
}

/** Whose failure it is depends on where the stops are; a witness may move them later. */
const stayAtSites: AccessesOf = () => Promise.resolve([]);

/** What happened around the stops tells whose failure it is. */
async function traceOf(
  prepared: PreparedDriver,
  { plan, trace }: CaughtFailure,
  told: ToldOfAccesses,
  active?: readonly string[],
): Promise<readonly TraceEvent[]> {
  const isWatched = prepared.sites.every(({ conflict, key }) => !conflict || active?.includes(key) === true);
  return isWatched ? trace : ((await traceAround(prepared, plan, told, active))?.trace ?? trace);
}

/** An exception counts by type and place; any other failure must be the very outcome, or minimizing would drift to another cause. */
function isFailing({ player }: PreparedDriver, id: string, { signature, outcome }: CaughtFailure): boolean {
  const judgment = player.judge(id);
  return judgment.kind === "failure" && isSameFailure(judgment.signature, signature) && (signature.kind === "exception" || id === outcome);
}

function playsOn(prepared: PreparedDriver, caught: CaughtFailure): StillFails {
  return async (plan) => {
    const { outcomes, reached } = await prepared.player.replay(plan, 1);
    const [id] = Object.keys(outcomes);
    return id !== undefined && reached === 1 && isFailing(prepared, id, caught);
  };
}

function tracebackOf({ outcome, signature }: FailingSchedule): readonly string[] {
  const results = outcome.threads.flatMap(({ operations }) => operations).filter((result) => result.status === "raised");
  return results.find(({ exception, where }) => signature.kind === "exception" && signature.summary === `${exception}@${where}`)?.traceback ?? [];
}

/** Minimizes, then replays in this process and in another one. `prepared` may be another process than the one that caught it. */
export async function proveFailure(prepared: PreparedDriver, caught: CaughtFailure, setting: ProofSetting): Promise<Proof> {
  const { player } = prepared;
  const { replays } = setting.options.budget;
  // Outcome ids are told apart within one process only.
  const [first = ""] = Object.keys((await player.replay(caught.plan, 1)).outcomes);
  const here = { ...caught, outcome: first };
  const plan = await minimizePlan(caught.plan, playsOn(prepared, here), (each, thread) => accessesOf(prepared, each, thread));
  const reply = await player.replay(plan, replays);
  const failures = Object.entries(reply.outcomes).filter(([id]) => isFailing(prepared, id, here));
  const failing = failures.reduce((sum, [, count]) => sum + count, 0);
  const outcome = failures[0]?.[0];
  if (failing < replays || outcome === undefined)
    return { kind: "unsteady", reason: `a failing schedule failed again in only ${failing} of ${replays} replays` };
  const trace = await traceOf(prepared, { ...caught, plan }, "values");
  const sources = await sourcesOf(player, plan, trace);
  const witness: Witness = { ...describe(prepared, setting.options, { ...caught, plan, trace }), sources, outcome: player.outcome(outcome) };
  return recheck(witness, { failing, repeats: replays }, setting, replays);
}

/** The process died while it played this schedule. Names it in a new process and lets it die again, several times. */
export async function proveCrash(
  session: Session,
  driver: DriverText,
  fatal: { schedule: PlayableSchedule; sites: readonly string[]; signature: FailureSignature },
  setting: ProofSetting,
): Promise<Proof> {
  const preparation = await prepareDriver(session, driver);
  if (preparation.kind !== "ready") return { kind: "unsteady", reason: `after a crash: ${preparation.reason}` };
  const { prepared } = preparation;
  if (isSeeded(fatal.schedule)) return { kind: "unsteady", reason: "the process died in a drawn schedule, which cannot be named without dying again" };
  const plan = await nameFatalSchedule(prepared.player, fatal.sites, fatal.schedule);
  const caught: CaughtFailure = { plan, signature: fatal.signature, outcome: "", trace: [], traceback: [] };
  const [survived] = prepared.serial.outcomes;
  if (survived === undefined) return { kind: "unsteady", reason: "a driver without serial orders" };
  const threads = survived.threads.map(({ operations }) => ({ operations: operations.map(() => ({ status: "unfinished" as const })) }));
  const outcome = { id: "", threads, state: "", ending: "finished" as const, detail: `the process ended by ${fatal.signature.summary}` };
  const sources = await sourcesOf(prepared.player, plan, []);
  return recheck({ ...describe(prepared, setting.options, caught), sources, outcome }, { failing: 0, repeats: 0 }, setting, FRESH_PROCESSES_FOR_A_CRASH);
}

async function recheck(
  witness: Witness,
  before: { failing: number; repeats: number },
  { options, launch, other }: ProofSetting,
  times: number,
): Promise<Proof> {
  const setting = { subject: options.subject, runtime: options.runtime, times, hashSeed: OTHER_HASH_SEED };
  const shared = other === undefined ? undefined : await replayInSession(other, witness, times);
  // Another witness may have left something behind there.
  const isShared = shared?.reproduced === times;
  const again = isShared ? shared : await replayWitness(witness, setting, launch);
  if (again.reproduced < times)
    return { kind: "unsteady", reason: `a failing schedule failed again in only ${again.reproduced} of ${times} replays in a fresh process: ${again.reason}` };
  const signal = witness.failure.kind === "crash" ? { signal: witness.failure.summary } : {};
  const row: RuntimeRow = {
    runtime: options.runtime.id,
    failing: before.failing + again.reproduced,
    repeats: before.repeats + times,
    reached: before.repeats + again.reached,
    note:
      before.repeats > 0
        ? `${before.repeats} in one process, ${times} in ${isShared ? "another" : "a fresh"} one with another hash seed`
        : `${times} fresh processes`,
    ...signal,
  };
  return { kind: "proved", witness, row };
}

/** Of the modules that the failing execution's accesses are in. */
async function sourcesOf(player: Player, plan: Plan, trace: readonly TraceEvent[]): Promise<Readonly<Record<string, string>>> {
  const sites = [...plan.flatMap(({ until }) => until?.site ?? []), ...trace.map(({ site }) => site)];
  const digests = await player.sources(modulesOf(sites));
  return Object.fromEntries(Object.entries(digests).map(([module, digest]) => [module, sourceDigest(digest)]));
}

function describe(
  { player, serial }: PreparedDriver,
  { subject, runtime, model = "any" }: ConfirmationOptions,
  caught: CaughtFailure,
): Omit<Witness, "outcome" | "sources"> {
  const texts = new Map(serial.outcomes.map((outcome) => [outcome.id, outcome]));
  return {
    schemaVersion: 2,
    subject: subject.specification,
    instrument: subject.instrument,
    driver: player.driver,
    plan: caught.plan,
    failure: caught.signature,
    serial: serial.orders.flatMap(({ order, outcome }) => {
      const text = texts.get(outcome);
      return text === undefined ? [] : [{ order, threads: text.threads, state: text.state }];
    }),
    trace: caught.trace,
    runtime: runtime.id,
    ...(model === "any" ? {} : { model }),
    preemptions: preemptionsOf(caught.plan),
  };
}
