// The corridor: a specification in, a report out. Joins the rooms in order (sources, facts, hazards, confirmations) and counts.
// It does not print, and writes nothing but the cache that the rooms keep.
import { availableParallelism, release, type } from "node:os";
import {
  activeRuntimeId,
  canPlay,
  confirmDriver,
  confirmHazards,
  countSynthesis,
  defaultBudget,
  defaultStressBudget,
  discoverRuntimes,
  findContradictions,
  oneOfEachFamily,
  provideRequirements,
  reachOnFamilies,
  selectRuntime,
  stressConfirmations,
  supportedRuntimes,
  testedSubject,
} from "./confirmations/index.ts";
import type { ConfirmationOptions, SearchBudget } from "./confirmations/index.ts";
import { auditClasses, planClasses } from "./class-hunt.ts";
import { requiredPython } from "./config/index.ts";
import { createDriverSource } from "./driver-source.ts";
import { auditedSince } from "./review.ts";
import { rules } from "./rules/index.ts";
import { supportedFamilies } from "./suppressions/index.ts";
import { defaultCacheFolder } from "./sources/index.ts";
import { audited, secondsSince } from "./subject-audit.ts";
import type { AuditedSubject, AuditRequest } from "./subject-audit.ts";
import type {
  ClassAudit,
  Confirmation,
  DriverResult,
  DriverText,
  Hazard,
  Notification,
  Report,
  Runtime,
  RuntimeModelName,
  Subject,
  Witness,
} from "./vocabulary/index.ts";
import { acceptsPython, UserError } from "./vocabulary/index.ts";
import { toolVersion } from "./tool-version.ts";

export interface ConfirmRequest extends AuditRequest {
  /** Interpreter: path, id or version prefix; the default choice when undefined. */
  readonly python: string | undefined;
  /** Where threads can be switched in every search; any when undefined. */
  readonly model?: RuntimeModelName | undefined;
  /** Hazard ids to confirm; all shown ones when empty. */
  readonly hazards: readonly string[];
  /** Hand-written drivers, tried for every selected hazard before synthesized ones. */
  readonly drivers: readonly DriverText[];
  /** Classes to explore pair by pair, "package.module:Class"; hazards are confirmed only if they are named, too. */
  readonly classes: readonly string[];
  readonly budget: SearchBudget;
  /** Wall seconds for all hazards together. */
  readonly secondsInAll: number;
  /** Replay witnesses on the other runtimes found, too. */
  readonly replayElsewhere: boolean;
  readonly workers: number;
  /** Wall seconds of real threads, on one runtime of each family, for what was confirmed; not done when undefined. */
  readonly stressSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Static half only. @param since a revision: only what changed or is new since then is shown @throws UserError for what the user can solve */
export async function auditSubject(request: AuditRequest, since?: string): Promise<Report> {
  return reportOf(since === undefined ? await audited(request) : await auditedSince(request, since), { runtimes: [] });
}

/** Audit, then prove or clear every shown hazard within the budget. @throws UserError */
export async function huntSubject(request: ConfirmRequest): Promise<Report> {
  const state = await audited(request);
  const { subject } = state;
  const found = await discoverRuntimes();
  state.notifications.push(...found.notifications);
  const runtime = await chooseRuntime(found.runtimes, subject, request);
  // Drivers of a person that name no hazard are judged for themselves: the audit may see nothing where they fail.
  const plans = await planClasses(state, request.classes);
  const isAlone = request.hazards.length === 0 && request.drivers.length + plans.length > 0;
  const selected = isAlone ? [] : selectHazards(state, request.hazards);
  if (selected.length === 0 && !isAlone) return reportOf(state, { runtimes: found.runtimes });
  const since = performance.now();
  const requirements = await provideRequirements(subject, runtime, request.cacheFolder ?? defaultCacheFolder(process.env));
  state.notifications.push(...requirements.notifications);
  const options: ConfirmationOptions = {
    subject: testedSubject({ ...subject, specification: lastingSpecification(subject) }, requirements.paths),
    runtime,
    model: request.model,
    workers: request.workers,
    budget: { ...request.budget, secondsPerHazard: shareOfTime(request, Math.max(1, selected.length)) },
    // Requirements were provided for one runtime; compiled ones do not load on another.
    replayOn: request.replayElsewhere && requirements.paths.length === 0 ? otherRuntimes(found.runtimes, runtime, subject) : [],
    ...(request.signal ? { signal: request.signal } : {}),
  };
  const alone = isAlone ? await confirmAlone(request, options) : [];
  const classes = await auditClasses(plans, state, { options, seconds: request.secondsInAll, onProgress: request.onProgress });
  const proved = await confirmSelected(state, selected, request, options);
  state.seconds["confirm"] = secondsSince(since);
  const asked = await reachOnFamilies(new Map([...proved, ...alone.map(({ name, confirmation }) => [name, confirmation] as const)]), {
    options,
    families: supportedFamilies(requiredPython(subject, request.settings)),
    others: requirements.paths.length === 0 ? supportedRuntimes(found.runtimes, requiredPython(subject, request.settings)) : [],
    seconds: Math.max(LEAST_MODEL_SECONDS, request.secondsInAll * MODEL_SHARE),
  });
  state.seconds["models"] = secondsSince(since) - state.seconds["confirm"];
  const stressed = await stressProved(asked, state, { request, runtimes: found.runtimes });
  state.notifications.push(...contradictionsIn(stressed, state.audit.hazards));
  const drivers = alone.map(({ name, confirmation }) => ({ name, confirmation: stressed.get(name) ?? confirmation }));
  const confirmations = new Map([...proved].map(([id, confirmation]) => [id, stressed.get(id) ?? confirmation]));
  return reportOf(state, { runtimes: found.runtimes, confirmations, drivers, classes });
}

async function chooseRuntime(runtimes: readonly Runtime[], subject: Subject, { python, model = "any", settings }: ConfirmRequest): Promise<Runtime> {
  const preferred = python === undefined ? await activeRuntimeId() : undefined;
  const runtime = await selectRuntime({ runtimes, wanted: python, requiresPython: requiredPython(subject, settings), preferred });
  if (canPlay(model, runtime)) return runtime;
  throw new UserError(`the model "${model}" cannot be played on ${runtime.id}`, "It needs CPython 3.12 or later: choose one with --python.");
}

/** What a witness names its subject by: "name" alone would mean another release next year. */
function lastingSpecification({ specification, name, version }: Subject): string {
  return specification === name && version !== undefined ? `${name}==${version}` : specification;
}

async function confirmAlone(request: ConfirmRequest, options: ConfirmationOptions): Promise<DriverResult[]> {
  const results: DriverResult[] = [];
  for (const driver of request.drivers) {
    request.onProgress(`driver ${driver.name} on ${options.runtime.id}`);
    results.push({ name: driver.name, confirmation: await confirmDriver(driver, options) });
  }
  return results;
}

async function confirmSelected(
  state: AuditedSubject,
  selected: readonly Hazard[],
  request: ConfirmRequest,
  options: ConfirmationOptions,
): Promise<ReadonlyMap<string, Confirmation>> {
  if (selected.length === 0) return new Map();
  const driversFor = await createDriverSource({ subject: state.subject, program: await state.program(), handWritten: request.drivers });
  request.onProgress(`confirming ${selected.length} hazards on ${options.runtime.id}`);
  const results = await confirmHazards(interleaveRules(selected), driversFor, options, ({ hazard, confirmation, done, total }) =>
    request.onProgress(`[${done}/${total}] ${confirmation.verdict}: ${hazard.rule} ${hazard.function} ${hazard.location.display}`),
  );
  state.notifications.push(...results.notifications, ...unexplained(results.unmatched));
  return results.confirmations;
}

/** Real threads on what the scheduler proved; requirements are provided for each runtime. */
async function stressProved(
  proved: ReadonlyMap<string, Confirmation>,
  state: AuditedSubject,
  { request, runtimes }: { request: ConfirmRequest; runtimes: readonly Runtime[] },
): Promise<ReadonlyMap<string, Confirmation>> {
  if (request.stressSeconds === undefined) return proved;
  const { subject } = state;
  const since = performance.now();
  const stressed = await stressConfirmations(
    proved,
    {
      runtimes: oneOfEachFamily(supportedRuntimes(runtimes, requiredPython(subject, request.settings))),
      budget: { ...defaultStressBudget, seconds: request.stressSeconds },
      subjectFor: async (runtime) => {
        const { paths } = await provideRequirements(subject, runtime, request.cacheFolder ?? defaultCacheFolder(process.env));
        return testedSubject(subject, paths);
      },
      signal: request.signal,
    },
    (witness, done, total) => request.onProgress(`[${done + 1}/${total}] real threads: ${witness.failure.summary}`),
  );
  state.seconds["stress"] = secondsSince(since);
  return stressed;
}

/** Beside the time limit of the search, for the models of other interpreters. */
const MODEL_SHARE = 0.2;
const LEAST_MODEL_SECONDS = 10;

/** Models, real threads and the table of atomic operations should agree. */
function contradictionsIn(confirmations: ReadonlyMap<string, Confirmation>, hazards: readonly Hazard[]): Notification[] {
  const messages = [...confirmations].flatMap(([id, confirmation]) =>
    findContradictions(confirmation, hazards.find((hazard) => hazard.id === id)?.reachableOn),
  );
  return [...new Set(messages)].map((message) => ({ level: "warning", message: `a contradiction: ${message}` }));
}

/** Proved failures that no hazard claims: the audit missed something. Schedules of one driver often fail alike; that is said once. */
function unexplained(witnesses: readonly Witness[]): Notification[] {
  const messages = witnesses.map(
    ({ failure, driver }) => `a failure that no hazard explains: ${failure.summary} (driver ${driver.name}); the audit may have missed its cause`,
  );
  return [...new Set(messages)].map((message) => ({ level: "warning", message }));
}

/** Every budget a user did not set. */
export const standardBudget: SearchBudget = defaultBudget;

function selectHazards(state: AuditedSubject, ids: readonly string[]): readonly Hazard[] {
  if (ids.length === 0) return state.shown;
  return ids.map((id) => {
    const hazard = state.audit.hazards.find((each) => each.id === id || each.fingerprint === id);
    if (!hazard) throw unknownHazard(id, state.audit.hazards);
    return hazard;
  });
}

function unknownHazard(id: string, hazards: readonly Hazard[]): UserError {
  const near = hazards.filter((hazard) => hazard.id.startsWith(id.split(":")[0] ?? id)).slice(0, 3);
  const examples = (near.length > 0 ? near : hazards.slice(0, 3)).map((hazard) => hazard.id).join(", ");
  return new UserError(
    `no hazard "${id}" in this subject`,
    examples ? `ids look like ${examples}; list them with: raceproof audit ... --output-format json` : "the audit found no hazards",
  );
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

function shareOfTime(request: ConfirmRequest, hazards: number): number {
  return Math.max(1, Math.min(request.budget.secondsPerHazard, (request.secondsInAll * request.workers) / hazards));
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

interface Confirmed {
  readonly runtimes: readonly Runtime[];
  readonly confirmations?: ReadonlyMap<string, Confirmation>;
  readonly drivers?: readonly DriverResult[];
  readonly classes?: readonly ClassAudit[];
}

/** What people get of an audit, with what was proved on top. */
export function reportOf(state: AuditedSubject, { runtimes, confirmations = new Map(), drivers = [], classes = [] }: Confirmed): Report {
  const { subject, audit, shown, judgment, suppressed } = state;
  const extra = audit.hazards.filter((hazard) => confirmations.has(hazard.id) && !shown.some(({ id }) => id === hazard.id));
  const hazards = [...shown, ...extra];
  return {
    subject: { specification: subject.specification, name: subject.name, version: subject.version, root: subject.root },
    findings: hazards.map((hazard) => ({ hazard, confirmation: confirmations.get(hazard.id) })),
    drivers,
    classes,
    suppressed: suppressed.filter(({ hazard }) => !confirmations.has(hazard.id)).map((each) => ({ ...each, confirmation: undefined })),
    baseline: state.baseline === undefined ? undefined : { file: state.baseline, stale: judgment.stale },
    hidden: Math.max(0, judgment.counted.length - hazards.length),
    rules: rules.map((rule) => rule.metadata),
    coverage: audit.coverage,
    synthesis: confirmations.size > 0 ? countSynthesis(confirmations) : undefined,
    notifications: state.notifications,
    seconds: state.seconds,
    environment: { toolVersion, node: process.versions.node, platform: `${type()} ${release()}`, cores: availableParallelism(), runtimes },
  };
}
