// The corridor's second half: an audited subject in, what running it showed out. Within a budget; kept as it comes; what an interrupted run
// knew is not explored again.
import {
  auditClass,
  type ConfirmationOptions,
  confirmDriver,
  type DriverSource,
  confirmHazards,
  provideRequirements,
  testedSubject,
} from "./confirmations/index.ts";
import { askBeyond, type Explored } from "./beyond-proof.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import { confirmedByClasses } from "./class-hunt.ts";
import { createDriverSource } from "./driver-source.ts";
import { KeptResults } from "./kept-results.ts";
import { defaultCacheFolder } from "./sources/index.ts";
import { type AuditedSubject, secondsSince } from "./subject-audit.ts";
import { estimateLeft, planTime, type TimePlan } from "./time-plan.ts";
import type { ClassAudit, ClassPlan, Confirmation, DriverResult, Hazard, Notification, Relaxation, Runtime, Subject, Witness } from "./vocabulary/index.ts";
import { acceptsPython, relaxations } from "./vocabulary/index.ts";

export interface ExplorationTask {
  /** When the run began: the budget counts from there. */
  readonly began: number;
  readonly runtime: Runtime;
  /** All that were found. */
  readonly runtimes: readonly Runtime[];
  readonly hazards: readonly Hazard[];
  /** Below the shown confidence: tried in what is left of the time, and told when they are confirmed. */
  readonly hidden: readonly Hazard[];
  readonly plans: readonly ClassPlan[];
  /** The drivers are to be judged for themselves. */
  readonly isAlone: boolean;
  /** Nothing was named: classes come after the hazards, in what is left of the time. */
  readonly isOpen: boolean;
}

/** Requirements first; then everything that was asked for, as far as the budget goes. @throws UserError */
export async function exploreSubject(state: AuditedSubject, request: ConfirmRequest, task: ExplorationTask): Promise<Explored> {
  const { subject } = state;
  const since = performance.now();
  const requirements = await provideRequirements(subject, task.runtime, request.cacheFolder ?? defaultCacheFolder(process.env));
  state.notifications.push(...requirements.notifications);
  // Requirements were provided for one runtime; compiled ones do not load on another.
  const replayOn = request.replayElsewhere && requirements.paths.length === 0 ? otherRuntimes(task.runtimes, task.runtime, subject) : [];
  const kept = await KeptResults.open(request, { subject, runtime: task.runtime, notify: (said) => state.notifications.push(said) });
  request.onExploring();
  // What exploring classes finds is proved on the spot, on this runtime.
  const isOnlyClasses = task.hazards.length === 0 && request.drivers.length === 0;
  const time = planTime(request, task.began, { elsewhere: replayOn.length > 0 && !isOnlyClasses, models: !isOnlyClasses });
  const exploration = new Exploration(state, request, { task, time, kept });
  try {
    const options: ConfirmationOptions = {
      subject: testedSubject({ ...subject, specification: lastingSpecification(subject) }, requirements.paths, request.settings.relaxations),
      runtime: task.runtime,
      model: request.model,
      workers: request.workers,
      budget: request.budget,
      replayOn,
      signal: time.signal,
      searchUntil: time.searchUntil,
    };
    const explored = await exploration.explore(options);
    state.seconds["confirm"] = secondsSince(since);
    state.notifications.push(...benignAsDeclared(explored, request.settings.relaxations));
    const others = requirements.paths.length === 0 ? task.runtimes : [];
    const told = await askBeyond(explored, state, { request, options, time, runtimes: task.runtimes, others });
    if (time.signal.aborted) state.notifications.push(stoppedEarly(String(time.signal.reason)));
    return told;
  } finally {
    time.close();
    kept.close();
  }
}

/** Of the time for exploring, when hazards take all of it; of what they leave, when doubtful hazards wait, too; and in all: a class takes whatever it gets. */
const LEAST_FOR_CLASSES = 0.15;
const SHARE_BESIDE_HIDDEN = 0.5;
const MOST_FOR_CLASSES_MILLISECONDS = 60_000;
const LEAST_FOR_A_CLASS = 2;

class Exploration {
  readonly #state: AuditedSubject;
  readonly #request: ConfirmRequest;
  readonly #task: ExplorationTask;
  readonly #time: TimePlan;
  readonly #kept: KeptResults;
  #driverSource: DriverSource | undefined;

  constructor(state: AuditedSubject, request: ConfirmRequest, { task, time, kept }: { task: ExplorationTask; time: TimePlan; kept: KeptResults }) {
    this.#state = state;
    this.#request = request;
    this.#task = task;
    this.#time = time;
    this.#kept = kept;
  }

  async explore(options: ConfirmationOptions): Promise<Explored> {
    const drivers = this.#task.isAlone ? await this.#confirmDrivers(options) : [];
    if (!this.#task.isOpen) {
      const classes = await this.#auditClasses(options, this.#time.searchUntil);
      return { drivers, classes, confirmations: await this.#confirmHazards(options) };
    }
    const { searchUntil } = this.#time;
    const share = (part: number): number => part * Math.max(0, searchUntil - performance.now());
    const hasClasses = this.#task.plans.length > 0;
    const shown = await this.#confirmHazards({ ...options, searchUntil: searchUntil - (hasClasses ? share(LEAST_FOR_CLASSES) : 0) });
    const forClasses = Math.min(MOST_FOR_CLASSES_MILLISECONDS, share(this.#task.hidden.length > 0 ? SHARE_BESIDE_HIDDEN : 1));
    const classes = await this.#auditClasses(options, performance.now() + forClasses);
    const tried = new Map([...shown, ...(await this.#confirmHidden(options))]);
    return { drivers, classes, confirmations: confirmedByClasses(tried, classes) };
  }

  async #confirmDrivers(options: ConfirmationOptions): Promise<DriverResult[]> {
    const known = this.#kept.confirmations("driver");
    const results: DriverResult[] = [];
    for (const driver of this.#request.drivers) {
      this.#request.onProgress(`driver ${driver.name} on ${options.runtime.id}`);
      const confirmation = known.get(driver.name) ?? (await confirmDriver(driver, options));
      if (this.#whyStopped === undefined) this.#kept.keep("driver", driver.name, confirmation);
      results.push({ name: driver.name, confirmation });
    }
    return results;
  }

  async #auditClasses(options: ConfirmationOptions, until: number): Promise<ClassAudit[]> {
    const known = this.#kept.classes();
    const audits: ClassAudit[] = [];
    for (const [index, plan] of this.#task.plans.entries()) {
      const seconds = (until - performance.now()) / 1000 / (this.#task.plans.length - index);
      const earlier = known.get(plan.name);
      if (earlier === undefined && this.#task.isOpen && seconds < LEAST_FOR_A_CLASS) break;
      const audit = earlier ?? (await auditClass({ plan, hazards: this.#state.audit.hazards, seconds }, options, this.#request.onProgress));
      if (this.#whyStopped === undefined && audit.explored >= audit.conflicting) this.#kept.keepClass(audit);
      audits.push(audit);
    }
    return audits;
  }

  /** Only those that were confirmed: of the others nothing is claimed. */
  async #confirmHidden(options: ConfirmationOptions): Promise<ReadonlyMap<string, Confirmation>> {
    const { hidden } = this.#task;
    const { searchUntil = Infinity } = options;
    if (hidden.length === 0 || performance.now() >= searchUntil || this.#whyStopped !== undefined) return new Map();
    this.#request.onProgress(`trying ${hidden.length} hazards below the shown confidence`);
    const { confirmations } = await confirmHazards(interleaveRules(hidden), await this.#drivers(), { ...options, isBrief: true }, { onProgress: () => {} });
    return new Map([...confirmations].filter(([, { verdict }]) => verdict === "confirmed"));
  }

  async #drivers(): Promise<DriverSource> {
    const { subject } = this.#state;
    this.#driverSource ??= await createDriverSource({ subject, program: await this.#state.program(), handWritten: this.#request.drivers });
    return this.#driverSource;
  }

  async #confirmHazards(options: ConfirmationOptions): Promise<ReadonlyMap<string, Confirmation>> {
    const { hazards } = this.#task;
    if (hazards.length === 0) return new Map();
    const { notifications } = this.#state;
    const driversFor = await this.#drivers();
    const known = this.#kept.confirmations("hazard");
    const missing = hazards.filter(({ id }) => !known.has(id)).length;
    this.#request.onProgress(`confirming ${missing} hazards on ${options.runtime.id}`);
    const began = performance.now();
    const results = await confirmHazards(interleaveRules(hazards), driversFor, options, {
      known,
      knownUnmatched: this.#kept.unmatched(),
      keep: (id, confirmation) => this.#kept.keep("hazard", id, confirmation),
      keepUnmatched: (witness) => this.#kept.keepUnmatched(witness),
      onProgress: ({ hazard, confirmation, done, total }) => {
        const left = estimateLeft({ began, done: done - (total - missing), left: total - done, until: this.#time.searchUntil });
        this.#request.onProgress(`[${done}/${total}, ${left}] ${confirmation.verdict}: ${hazard.rule} ${hazard.function} ${hazard.location.display}`);
      },
    });
    notifications.push(...unexplained(results.unmatched), ...cutShort(results.cut, hazards.length));
    return results.confirmations;
  }

  get #whyStopped(): string | undefined {
    return this.#time.signal.aborted ? String(this.#time.signal.reason) : undefined;
  }
}

function stoppedEarly(reason: string): Notification {
  return {
    level: "warning",
    message: `${reason}: it ended before everything was done; replays elsewhere, models of other interpreters or real threads may be missing`,
  };
}

function cutShort(cut: { readonly hazards: number; readonly reason: string } | undefined, total: number): Notification[] {
  if (cut === undefined) return [];
  const message = `${cut.reason}: ${cut.hazards} of ${total} hazards were not explored to the end and are listed as such; --resume goes on with them`;
  return [{ level: "warning", message }];
}

/** What was declared is told even where it never applied. */
function benignAsDeclared({ confirmations, drivers }: Explored, declared: readonly Relaxation[]): Notification[] {
  const relaxed = [...confirmations.values(), ...drivers.map(({ confirmation }) => confirmation)].flatMap((each) => each.relaxed ?? []);
  return relaxations.flatMap((relaxation): Notification[] => {
    const counts = relaxed.flatMap((each) => (each.relaxation === relaxation ? [each.outcomes] : []));
    if (counts.length === 0 && !declared.includes(relaxation)) return [];
    const outcomes = counts.reduce((total, count) => total + count, 0);
    return [{ level: "note", message: `declared benign: ${relaxation}; it applied to ${outcomes} outcomes in ${counts.length} searches` }];
  });
}

/** Proved failures that no hazard claims: the audit missed something. Schedules of one driver often fail alike; that is said once. */
function unexplained(witnesses: readonly Witness[]): Notification[] {
  const messages = witnesses.map(
    ({ failure, driver }) => `a failure that no hazard explains: ${failure.summary} (driver ${driver.name}); the audit may have missed its cause`,
  );
  return [...new Set(messages)].map((message) => ({ level: "warning", message }));
}

/** One hazard of each rule in turn, so that a short budget still proves every shape. */
function interleaveRules(hazards: readonly Hazard[]): Hazard[] {
  const queues = new Map<string, Hazard[]>();
  for (const hazard of hazards) queues.set(hazard.rule, [...(queues.get(hazard.rule) ?? []), hazard]);
  const out: Hazard[] = [];
  for (let index = 0; out.length < hazards.length; index++) {
    for (const queue of queues.values()) if (queue[index]) out.push(queue[index] as Hazard);
  }
  return out;
}

/** One of each kind that the subject supports: free-threaded, PyPy, and the newest other one with the GIL. */
function otherRuntimes(runtimes: readonly Runtime[], chosen: Runtime, subject: Subject): Runtime[] {
  const others = runtimes.filter((runtime) => runtime.id !== chosen.id && acceptsPython(subject.requiresPython, runtime.version));
  const kinds: ((runtime: Runtime) => boolean)[] = [
    (runtime) => runtime.freeThreaded,
    (runtime) => runtime.implementation === "pypy",
    (runtime) => runtime.implementation === "cpython" && !runtime.freeThreaded,
  ];
  return kinds.flatMap((kind) => others.find(kind) ?? []);
}

/** What a witness names its subject by: "name" alone would mean another release next year. */
function lastingSpecification({ specification, name, version }: Subject): string {
  return specification === name && version !== undefined ? `${name}==${version}` : specification;
}
