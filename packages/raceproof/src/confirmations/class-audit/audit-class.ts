// One class on one runtime: every pair of its entry points that touch a location in conflict, one witness for each distinct failure.
// Enters: a plan of calls, the hazards the audit reported. Leaves: what was explored and what failed; a failure no hazard explains is
// the audit's miss.
import type { ClassAudit, ClassFailure, ClassPlan, Hazard, PairExploration } from "../../vocabulary/index.ts";
import type { ConfirmationOptions } from "../confirmation-options.ts";
import { OTHER_HASH_SEED, type ProofSetting } from "../prove-failure.ts";
import { now } from "../search.ts";
import { Session } from "../session.ts";
import { launchAgentOf } from "../runtimes/launch-agent.ts";
import { conflictingPairs, methodOf, type Pair } from "./choose-operations.ts";
import type { InstanceState } from "./class-drivers.ts";
import { FailureClasses } from "./failure-classes.ts";
import { PairExplorer, type PairLimits, type PairResult } from "./pair-explorer.ts";
import { filledState, type Survey, surveyClass } from "./survey-class.ts";

export interface ClassAuditRequest {
  readonly plan: ClassPlan;
  /** Every hazard of the audit, whatever its confidence. */
  readonly hazards: readonly Hazard[];
  /** Wall seconds for the class. */
  readonly seconds: number;
}

/** The survey, exploring and proving share the time; so much of it is kept for proving. */
const PROVING_SHARE = 0.15;
const OPERATIONS_PER_METHOD = 2;
const NARROW_SCHEDULES = 400;
const WIDE_SCHEDULES = 48;
/** No pair takes more before every other one has had its turn: a call may read a real folder or work for very long. */
const FIRST_TURN: Turn = { wide: 0, milliseconds: 300 };
const MOST_FOR_OTHER_STATES = 0.3;

/** Never rejects for what the subject does. */
export async function auditClass(request: ClassAuditRequest, options: ConfirmationOptions, onProgress: (message: string) => void): Promise<ClassAudit> {
  const run = new ClassRun(request, options, onProgress);
  try {
    return await run.finish();
  } finally {
    await run.dispose();
  }
}

interface Bench {
  readonly session: Session;
  /** `other`: a session for rechecks only. */
  readonly setting: ProofSetting & { readonly other: Session };
}

function openBench(options: ConfirmationOptions, worker: number): Bench {
  const { runtime, model } = options;
  // What may be declared benign is listed as benign here in any case.
  const subject = { ...options.subject, relaxations: [] };
  const launch = launchAgentOf(worker, options.signal);
  const other = new Session(subject, runtime, { launch, hashSeed: OTHER_HASH_SEED, model });
  return { session: new Session(subject, runtime, { launch, model }), setting: { options, launch, other } };
}

interface Turn {
  /** Schedules with two preemptions. */
  readonly wide: number;
  /** For schedules of one pair. */
  readonly milliseconds: number;
}

class ClassRun {
  readonly #request: ClassAuditRequest;
  readonly #options: ConfirmationOptions;
  readonly #onProgress: (message: string) => void;
  readonly #benches: readonly Bench[];
  readonly #began = now();
  readonly #classes: FailureClasses;
  readonly #undecided = new Map<string, number>();
  readonly #states: InstanceState[] = [];
  #schedules = 0;

  constructor(request: ClassAuditRequest, options: ConfirmationOptions, onProgress: (message: string) => void) {
    this.#request = request;
    this.#options = options;
    this.#onProgress = onProgress;
    this.#classes = new FailureClasses(request.hazards);
    this.#benches = Array.from({ length: Math.max(1, options.workers) }, (_, worker) => openBench(options, worker));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#benches.flatMap(({ session, setting }) => [session.dispose(), setting.other.dispose()]));
  }

  async finish(): Promise<ClassAudit> {
    const [first, ...rest] = this.#benches.map(({ session }) => session);
    if (first === undefined) throw new Error("a class audit without a process");
    const { plan } = this.#request;
    const result = await surveyClass([first, ...rest], plan, OPERATIONS_PER_METHOD);
    if (result.kind === "no-instance") {
      this.#undecided.set(`no instance could be made: ${result.reason}`, 1);
      return this.#conclude(undefined, [], []);
    }
    const { survey } = result;
    const pairs = conflictingPairs(survey.choice.operations).toSorted((a, b) => costOf(a) - costOf(b));
    this.#onProgress(`${plan.name}: ${survey.choice.operations.length} calls, ${pairs.length} conflicting pairs, ${survey.state.description}`);
    await this.#exploreAll(survey, pairs);
    return this.#conclude(survey, pairs, await this.#prove());
  }

  /**
   * First one preemption for every pair on the full instance; then, as far as time allows, two of them, and other states. Where a state takes
   * little of the time, all of them come before what is slow.
   */
  async #exploreAll(survey: Survey, pairs: readonly Pair[]): Promise<void> {
    const others = otherStates(survey, this.#request.plan);
    await this.#explore(survey.state, pairs, FIRST_TURN);
    const quick = pairs.filter((pair) => !this.#open.has(pair) && !this.#cut.has(pair));
    const milliseconds = quick.reduce((sum, pair) => sum + (this.#milliseconds.get(pair) ?? 0), 0) / this.#benches.length;
    const isAffordable = milliseconds * others.length < MOST_FOR_OTHER_STATES * (this.#deadline() - now());
    if (isAffordable) for (const state of others) await this.#explore(state, quick, FIRST_TURN);
    await this.#explore(survey.state, [...this.#cut], { wide: 0, milliseconds: Infinity });
    // On an empty instance there is little for a second preemption to meet.
    for (const state of [survey.state, ...others.filter(({ prefix }) => prefix.length > 0)]) {
      if (this.#hasTime()) await this.#explore(state, pairs, { wide: WIDE_SCHEDULES, milliseconds: Infinity });
    }
  }

  /** On the filled instance. */
  readonly #explorations = new Map<Pair, PairExploration>();
  /** Pairs that cannot be judged: executions that do not end are slow, and once is enough. */
  readonly #open = new Set<Pair>();
  /** Pairs whose first turn was too short. */
  readonly #cut = new Set<Pair>();
  /** What a pair took when it was explored last. */
  readonly #milliseconds = new Map<Pair, number>();

  async #explore(state: InstanceState, pairs: readonly Pair[], turn: Turn): Promise<void> {
    if (!this.#states.includes(state)) this.#states.push(state);
    const queue = pairs.filter((pair) => !this.#open.has(pair));
    await this.#onAllBenches(async ({ session, setting }) => {
      const explorer = new PairExplorer(session, setting, (...failure) => this.#classes.isKnown(...failure));
      for (let pair = queue.shift(); pair !== undefined; pair = queue.shift()) {
        if (!this.#hasTime()) break;
        const began = now();
        const result = await explorer.explore(pair, state, this.#limits(turn));
        this.#milliseconds.set(pair, now() - began);
        // Calls that do not work in another state say nothing against the pair.
        if (state !== this.#states[0] && result.schedules === 0) continue;
        if (result.undecided.length > 0) this.#open.add(pair);
        else if (result.isCut && state === this.#states[0]) this.#cut.add(pair);
        if (state === this.#states[0]) this.#explorations.set(pair, explorationOf(pair, result, this.#explorations.get(pair)));
        this.#account(result);
      }
    });
  }

  #account({ schedules, failures, undecided }: PairResult): void {
    this.#schedules += schedules;
    for (const reason of undecided) this.#undecided.set(reason, (this.#undecided.get(reason) ?? 0) + 1);
    for (const failure of failures) this.#classes.add(failure);
  }

  async #prove(): Promise<readonly ClassFailure[]> {
    const queue = this.#classes.inOrder();
    this.#onProgress(`${this.#request.plan.name}: ${queue.length} distinct failures, proving each`);
    const proved: ClassFailure[] = [];
    await this.#onAllBenches(async ({ session, setting }) => {
      for (let each = queue.shift(); each !== undefined; each = queue.shift()) {
        proved.push(await this.#classes.prove(each, session, setting));
      }
    });
    return this.#classes.sorted(proved);
  }

  async #onAllBenches(work: (bench: Bench) => Promise<void>): Promise<void> {
    await Promise.all(this.#benches.map((bench) => work(bench)));
  }

  #limits({ wide, milliseconds }: Turn): PairLimits {
    return { narrow: NARROW_SCHEDULES, wide, milliseconds, deadline: this.#deadline(), signal: this.#options.signal };
  }

  #deadline(): number {
    return this.#began + this.#request.seconds * 1000 * (1 - PROVING_SHARE);
  }

  #hasTime(): boolean {
    return now() < this.#deadline() && this.#options.signal?.aborted !== true;
  }

  #conclude(survey: Survey | undefined, pairs: readonly Pair[], failures: readonly ClassFailure[]): ClassAudit {
    const { plan } = this.#request;
    const operations = survey?.choice.operations.length ?? 0;
    const explorations = pairs.flatMap((pair) => this.#explorations.get(pair) ?? []);
    return {
      name: plan.name,
      runtime: this.#options.runtime.id,
      methods: new Set(plan.forms.map(({ method }) => method)).size,
      uncalled: survey?.choice.uncalled ?? [],
      endless: survey?.endless ?? [],
      states: this.#states.map(({ description }) => description),
      operations,
      pairs: (operations * (operations + 1)) / 2,
      conflicting: pairs.length,
      explored: explorations.length,
      exhausted: explorations.filter(({ bound }) => bound > 0).length,
      schedules: this.#schedules,
      explorations,
      failures,
      undecided: [...this.#undecided].map(([reason, count]) => ({ reason, pairs: count })),
      seconds: Math.round(now() - this.#began) / 1000,
    };
  }
}

function explorationOf({ left, right }: Pair, result: PairResult, before: PairExploration | undefined): PairExploration {
  const [open] = result.undecided;
  return {
    operations: [methodOf(left), methodOf(right)],
    schedules: result.schedules + (before?.schedules ?? 0),
    bound: Math.max(result.bound, before?.bound ?? 0),
    ...(open === undefined ? {} : { open }),
  };
}

/** Short ones first, those that nobody promises anything of last: what a budget cuts off should be worth least. */
function costOf({ left, right }: Pair): number {
  const lifecycle = Number(left.form.lifecycle) + Number(right.form.lifecycle);
  return lifecycle * LONGEST + left.footprint.steps + right.footprint.steps;
}

const LONGEST = 1_000_000;

/** Each flag turned over on the full one, nearly empty, and empty. */
function otherStates({ state, fillers }: Survey, { flags }: ClassPlan): InstanceState[] {
  const bare: InstanceState = { ...state, prefix: [], description: "a new instance" };
  const flipped = flags.map((flag): InstanceState => {
    const name = flag.qualifiedName.split(".").at(-1) ?? "";
    return filledState({ ...bare, prefix: [{ call: flag, needs: [] }], description: `an instance with ${name} False` }, fillers, FILLED_LESS);
  });
  const lessFull = fillers.length === 0 ? [] : [1, 0].map((count) => filledState(bare, fillers, count));
  return [...flipped, ...lessFull];
}

const FILLED_LESS = 3;
