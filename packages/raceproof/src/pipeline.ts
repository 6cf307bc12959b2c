// The corridor: a specification in, a report out. Joins the rooms in order (sources, facts, hazards, confirmations) and counts.
// It does not print, and writes nothing but the cache that the rooms keep.
import { availableParallelism, release, type } from "node:os";
import { activeRuntimeId, canPlay, countSynthesis, defaultBudget, discoverRuntimes, selectRuntime } from "./confirmations/index.ts";
import type { SearchBudget } from "./confirmations/index.ts";
import { chooseClasses, planClasses } from "./class-hunt.ts";
import { requiredPython } from "./config/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import { confirmCrates } from "./crate-confirmation.ts";
import { confirmExtensions, type ExtensionConfirmations } from "./extension-confirmation.ts";
import { exploreSubject } from "./exploration.ts";
import { auditedSince } from "./review.ts";
import { ruleMetadata } from "./rules/index.ts";
import { audited } from "./subject-audit.ts";
import type { AuditedSubject, AuditRequest } from "./subject-audit.ts";
import type { ClassAudit, ClassPlan, Confirmation, DriverResult, Hazard, Report, Runtime, Subject } from "./vocabulary/index.ts";
import { UserError } from "./vocabulary/index.ts";
import { toolVersion } from "./tool-version.ts";

/** Static half only. @param since a revision: only what changed or is new since then is shown @throws UserError for what the user can solve */
export async function auditSubject(request: AuditRequest, since?: string): Promise<Report> {
  return reportOf(since === undefined ? await audited(request) : await auditedSince(request, since), { runtimes: [] });
}

/** Audit, then prove or clear every shown hazard within the budget. @throws UserError */
export async function huntSubject(request: ConfirmRequest): Promise<Report> {
  const began = performance.now();
  const state = await audited(request);
  const { subject } = state;
  const found = await discoverRuntimes();
  state.notifications.push(...found.notifications);
  const runtime = await chooseRuntime(found.runtimes, subject, request);
  // Drivers of a person that name no hazard are judged for themselves: the audit may see nothing where they fail.
  const { plans, isAlone, isOpen } = await plansFor(state, request);
  const selected = isAlone ? [] : selectHazards(state, request);
  const built = await tryExtensions(state, request, found.runtimes, { began, isFirst: selected.length > 0 });
  const hidden = isOpen && request.furtherClasses > 0 ? hiddenHazards(state) : [];
  if (selected.length + hidden.length + plans.length === 0 && !isAlone) return reportOf(state, { runtimes: found.runtimes, ...built });
  const explored = await exploreSubject(state, request, { began, runtime, runtimes: found.runtimes, hazards: selected, hidden, plans, isAlone, isOpen });
  return reportOf(state, { runtimes: found.runtimes, ...explored, ...built, confirmations: new Map([...explored.confirmations, ...built.confirmations]) });
}

interface ChosenClasses {
  readonly plans: readonly ClassPlan[];
  /** Only what is named is tried. */
  readonly isAlone: boolean;
  /** Nothing is named. */
  readonly isOpen: boolean;
}

async function plansFor(state: AuditedSubject, { hazards, drivers, classes, furtherClasses }: ConfirmRequest): Promise<ChosenClasses> {
  const named = await planClasses(state, classes);
  const isAlone = hazards.length === 0 && drivers.length + named.length > 0;
  const isOpen = !isAlone && hazards.length === 0;
  return { plans: isOpen ? await chooseClasses(state, furtherClasses) : named, isAlone, isOpen };
}

async function chooseRuntime(runtimes: readonly Runtime[], subject: Subject, { python, model = "any", settings }: ConfirmRequest): Promise<Runtime> {
  const preferred = python === undefined ? await activeRuntimeId() : undefined;
  const runtime = await selectRuntime({ runtimes, wanted: python, requiresPython: requiredPython(subject, settings), preferred });
  if (canPlay(model, runtime)) return runtime;
  throw new UserError(`the model "${model}" cannot be played on ${runtime.id}`, "It needs CPython 3.12 or later: choose one with --python.");
}

/** What hazards in Python leave of the time when they come after. */
const SHARE_FOR_EXTENSIONS = 0.6;

interface ExtensionTime {
  readonly began: number;
  /** Hazards in Python come after. */
  readonly isFirst: boolean;
}

/** Hazards of extensions in C and of crates, on their own builds; none unless a person allowed it. */
async function tryExtensions(
  state: AuditedSubject,
  request: ConfirmRequest,
  runtimes: readonly Runtime[],
  { began, isFirst }: ExtensionTime,
): Promise<Partial<ExtensionConfirmations> & Pick<ExtensionConfirmations, "confirmations">> {
  const ids = new Set(request.hazards);
  const asked = ids.size === 0 ? state.shown : state.audit.hazards.filter(({ id, fingerprint }) => ids.has(id) || ids.has(fingerprint));
  const until = began + request.secondsInAll * 1000 * (isFirst ? SHARE_FOR_EXTENSIONS : 1);
  const ofLanguage = (language: Hazard["language"]): readonly Hazard[] => (request.build ? asked.filter((hazard) => hazard.language === language) : []);
  const inRust = ofLanguage("rust");
  const crates = inRust.length === 0 ? new Map<string, Confirmation>() : await confirmCrates(state, request, { hazards: inRust, runtimes, until });
  const built: ExtensionConfirmations[] = [];
  for (const hazards of [ofLanguage("c"), ofLanguage("cython")])
    if (hazards.length > 0) built.push(await confirmExtensions(state, request, { hazards, runtimes, until }));
  if (built.length === 0) return { confirmations: crates };
  return {
    faults: built.flatMap(({ faults }) => faults),
    confirmations: new Map([...crates, ...built.flatMap(({ confirmations }) => [...confirmations])]),
  };
}

/** Every budget a user did not set. */
export const standardBudget: SearchBudget = defaultBudget;

/** Drivers in Python prove what is wrong in Python; hazards of extensions need a build. */
function selectHazards(state: AuditedSubject, { hazards: ids, build }: ConfirmRequest): readonly Hazard[] {
  if (ids.length === 0) return state.shown.filter(({ language }) => language === "python");
  return ids.flatMap((id) => {
    const hazard = state.audit.hazards.find((each) => each.id === id || each.fingerprint === id);
    if (!hazard) throw unknownHazard(id, state.audit.hazards);
    if (hazard.language === "python") return [hazard];
    if (build) return [];
    throw new UserError(`${id} is a hazard in compiled code`, "It can be tried on the subject's own build: add --build, which executes that build.");
  });
}

function hiddenHazards({ judgment, shown }: AuditedSubject): readonly Hazard[] {
  const ids = new Set(shown.map(({ id }) => id));
  return judgment.counted.filter(({ id, language }) => language === "python" && !ids.has(id));
}

function unknownHazard(id: string, hazards: readonly Hazard[]): UserError {
  const near = hazards.filter((hazard) => hazard.id.startsWith(id.split(":")[0] ?? id)).slice(0, 3);
  const examples = (near.length > 0 ? near : hazards.slice(0, 3)).map((hazard) => hazard.id).join(", ");
  return new UserError(
    `no hazard "${id}" in this subject`,
    examples ? `ids look like ${examples}; list them with: raceproof audit ... --output-format json` : "the audit found no hazards",
  );
}

interface Confirmed {
  readonly runtimes: readonly Runtime[];
  readonly confirmations?: ReadonlyMap<string, Confirmation>;
  readonly drivers?: readonly DriverResult[];
  readonly classes?: readonly ClassAudit[];
  readonly faults?: Report["faults"];
}

/** What people get of an audit, with what was proved on top. */
export function reportOf(state: AuditedSubject, { runtimes, confirmations = new Map(), drivers = [], classes = [], faults }: Confirmed): Report {
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
    ...(faults === undefined ? {} : { faults }),
    hidden: Math.max(0, judgment.counted.length - hazards.length),
    rules: ruleMetadata,
    coverage: audit.coverage,
    synthesis: confirmations.size > 0 ? countSynthesis(confirmations) : undefined,
    notifications: state.notifications,
    seconds: state.seconds,
    environment: { toolVersion, node: process.versions.node, platform: `${type()} ${release()}`, cores: availableParallelism(), runtimes },
  };
}
