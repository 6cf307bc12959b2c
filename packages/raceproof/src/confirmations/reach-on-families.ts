// On which kinds of interpreters a proved failure can show. Enters: confirmations. Leaves: the same, with what each model said:
// the witness's plan is played under the model, and where that does not fail, all schedules of its driver up to a bound.
// Source of the idea: the switch points of an interpreter are a subset of all accesses, or more where C code is not one step.
// Not reached is never impossible: it holds for this driver, these switch points and this bound, and the answer says so. Where the driver is
// small, DPOR goes through every interleaving, and no bound is left to speak of.
import type { Confirmation, FamilyReach, Runtime, RuntimeFamily, RuntimeModelName, Witness } from "../vocabulary/index.ts";
import { modelOfFamily } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import { certifyDriver } from "./certify-driver.ts";
import { climbLadder } from "./climb-ladder.ts";
import type { ConfirmationOptions } from "./confirmation-options.ts";
import { isSameFailure } from "./oracles/serial-order.ts";
import { prepareDriver } from "./prepare-driver.ts";
import { replayInSession } from "./replay-witness.ts";
import { launchAgentOf } from "./runtimes/launch-agent.ts";
import { now, type SearchSpace } from "./search.ts";
import { type LaunchAgent, Session } from "./session.ts";

export interface ReachQuestion {
  readonly options: ConfirmationOptions;
  readonly families: readonly RuntimeFamily[];
  /** Other interpreters that could play a model which the chosen one cannot, newest first. */
  readonly others: readonly Runtime[];
  /** Wall seconds for all witnesses and families. */
  readonly seconds: number;
}

const REPLAYS = 20;
/** Of one search; a bound that is not exhausted then is not reached, no more. */
const SEARCH = { schedules: 4000, milliseconds: 3000 };
const CERTIFICATE_MILLISECONDS = 2000;

/** Confirmations that share a witness share the answers. */
export async function reachOnFamilies(
  confirmations: ReadonlyMap<string, Confirmation>,
  question: ReachQuestion,
  launch?: LaunchAgent,
): Promise<ReadonlyMap<string, Confirmation>> {
  const witnesses = [...new Set([...confirmations.values()].flatMap(({ witness }) => witness ?? []))];
  const deadline = now() + question.seconds * 1000;
  const answers = new Map<Witness, FamilyReach[]>(witnesses.map((witness) => [witness, []]));
  const queue = [...question.families];
  const takeAll = async (worker: number): Promise<void> => {
    const launchOne = launch ?? launchAgentOf(worker, question.options.signal);
    for (let family = queue.shift(); family !== undefined; family = queue.shift()) {
      for (const [witness, reach] of await askFamily(family, witnesses, { ...question, deadline, launch: launchOne })) answers.get(witness)?.push(reach);
    }
  };
  await Promise.all(Array.from({ length: Math.min(question.options.workers, queue.length) }, (_, worker) => takeAll(worker)));
  const order = question.families;
  return new Map(
    [...confirmations].map(([id, confirmation]) => {
      const reachability = confirmation.witness === undefined ? undefined : answers.get(confirmation.witness);
      if (reachability === undefined) return [id, confirmation];
      return [id, { ...confirmation, reachability: reachability.toSorted((a, b) => order.indexOf(a.family) - order.indexOf(b.family)) }];
    }),
  );
}

interface FamilyQuestion extends ReachQuestion {
  readonly deadline: number;
  readonly launch: LaunchAgent;
}

/** One process for all witnesses. */
async function askFamily(family: RuntimeFamily, witnesses: readonly Witness[], question: FamilyQuestion): Promise<ReadonlyMap<Witness, FamilyReach>> {
  const model = modelOfFamily(family);
  const { subject, runtime: chosen, signal } = question.options;
  const runtime = [chosen, ...question.others].find((each) => canPlay(model, each));
  const untried = (note: string): FamilyReach => ({ family, verdict: "untried", by: "replay", schedules: 0, hits: 0, note });
  if (runtime === undefined) return new Map(witnesses.map((witness) => [witness, untried("its model needs CPython 3.12 or later")]));
  const session = new Session(subject, runtime, { launch: question.launch, model });
  const answers = new Map<Witness, FamilyReach>();
  try {
    for (const witness of witnesses) {
      const isOver = now() >= question.deadline || signal?.aborted === true;
      answers.set(witness, isOver ? untried("there was no time left") : await askWitness(session, family, witness, question.options));
    }
  } finally {
    await session.dispose();
  }
  return answers;
}

/** The model of a GIL is made of events that sys.monitoring reports. */
export function canPlay(model: RuntimeModelName, { implementation, version }: Runtime): boolean {
  return model !== "gil" || (implementation === "cpython" && !/^3\.(?:\d|10|11)\./.test(version));
}

async function askWitness(session: Session, family: RuntimeFamily, witness: Witness, options: ConfirmationOptions): Promise<FamilyReach> {
  const runtime = session.runtime.id;
  const replay = await replayInSession(session, witness, REPLAYS);
  if (replay.reproduced > 0) return { family, verdict: "reached", by: "replay", schedules: REPLAYS, hits: replay.reproduced, runtime };
  try {
    return { family, by: "search", runtime, ...(await searchAgain(session, witness, options)) };
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return { family, verdict: "untried", by: "search", schedules: 0, hits: 0, runtime, note: describeAgentFailure(error.reason) };
  }
}

type SearchAnswer = Pick<FamilyReach, "verdict" | "schedules" | "hits" | "bound" | "traces" | "note">;

/** Every conflicting access and the witness's own stops, until the same failure shows. */
async function searchAgain(session: Session, witness: Witness, { budget, signal }: ConfirmationOptions): Promise<SearchAnswer> {
  const preparation = await prepareDriver(session, witness.driver);
  if (preparation.kind !== "ready") return { verdict: "untried", schedules: 0, hits: 0, note: preparation.reason };
  const { prepared } = preparation;
  const known = new Set(prepared.sites.map(({ key }) => key));
  const stops = witness.plan.flatMap(({ until }) => (until !== null && known.has(until.site) ? [until.site] : []));
  const sites = [...new Set([...prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key), ...stops])];
  let hits = 0;
  const onFailure: SearchSpace["onFailure"] = ({ signature }) => {
    hits += Number(isSameFailure(signature, witness.failure));
    return Promise.resolve(hits > 0 ? "stop" : "go on");
  };
  const limits = { schedules: SEARCH.schedules, deadline: now() + SEARCH.milliseconds, signal };
  const ladder = { sites, over: "all conflicting accesses", bound: budget.bound, drawn: 0, onFailure };
  const climb = await climbLadder(prepared, ladder, session.runtime.id, limits);
  const schedules = climb.rungs.reduce((sum, rung) => sum + rung.schedules, 0);
  if (hits > 0) return { verdict: "reached", schedules, hits };
  const isExhausted = climb.end.kind === "exhausted" && climb.uncontrolled === 0 && climb.undecided.length === 0;
  if (!isExhausted) return { verdict: "not-reached", schedules, hits };
  const attempt = await certifyDriver(prepared, { sites, lengths: climb.lengths, onFailure }, { ...limits, deadline: now() + CERTIFICATE_MILLISECONDS });
  if (hits > 0) return { verdict: "reached", schedules: schedules + (attempt?.traces ?? 0), hits };
  return { verdict: "excluded", schedules, hits, bound: budget.bound, ...(attempt?.isComplete === true ? { traces: attempt.traces } : {}) };
}
