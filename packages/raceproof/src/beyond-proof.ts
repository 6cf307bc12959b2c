// What the corridor asks of proven failures: where else they can show, by the models of other interpreters and with real threads.
// Enters: what was explored. Leaves: the same with more evidence; answers that do not agree are told.
import {
  type ConfirmationOptions,
  defaultStressBudget,
  findContradictions,
  oneOfEachFamily,
  provideRequirements,
  reachOnFamilies,
  stressConfirmations,
  supportedRuntimes,
  testedSubject,
} from "./confirmations/index.ts";
import { requiredPython } from "./config/index.ts";
import type { ConfirmRequest } from "./confirm-request.ts";
import { defaultCacheFolder } from "./sources/index.ts";
import { type AuditedSubject, secondsSince } from "./subject-audit.ts";
import { supportedFamilies } from "./suppressions/index.ts";
import type { TimePlan } from "./time-plan.ts";
import type { ClassAudit, Confirmation, DriverResult, Hazard, Notification, Runtime } from "./vocabulary/index.ts";

export interface Explored {
  readonly confirmations: ReadonlyMap<string, Confirmation>;
  readonly drivers: readonly DriverResult[];
  readonly classes: readonly ClassAudit[];
}

export interface BeyondSetting {
  readonly request: ConfirmRequest;
  readonly options: ConfirmationOptions;
  readonly time: TimePlan;
  /** All that were found. */
  readonly runtimes: readonly Runtime[];
  /** Those that can run the subject as it was provided. */
  readonly others: readonly Runtime[];
}

export async function askBeyond(explored: Explored, state: AuditedSubject, setting: BeyondSetting): Promise<Explored> {
  const { request, options, time, others } = setting;
  const required = requiredPython(state.subject, request.settings);
  const since = performance.now();
  const proved = new Map([...explored.confirmations, ...explored.drivers.map(({ name, confirmation }) => [name, confirmation] as const)]);
  if ([...proved.values()].some(({ witness }) => witness !== undefined)) request.onProgress("where else it can show: models of other interpreters");
  const asked = await reachOnFamilies(proved, {
    options,
    families: supportedFamilies(required),
    others: supportedRuntimes(others, required),
    seconds: time.modelSeconds,
  });
  state.seconds["models"] = secondsSince(since);
  const stressed = await stressProved(asked, state, setting);
  state.notifications.push(...contradictionsIn(stressed, state.audit.hazards));
  return {
    ...explored,
    drivers: explored.drivers.map(({ name, confirmation }) => ({ name, confirmation: stressed.get(name) ?? confirmation })),
    confirmations: new Map([...explored.confirmations].map(([id, confirmation]) => [id, stressed.get(id) ?? confirmation])),
  };
}

/** Real threads on what the scheduler proved; requirements are provided for each runtime. */
async function stressProved(
  proved: ReadonlyMap<string, Confirmation>,
  { subject, seconds }: AuditedSubject,
  { request, time, runtimes }: BeyondSetting,
): Promise<ReadonlyMap<string, Confirmation>> {
  if (request.stressSeconds === undefined) return proved;
  const since = performance.now();
  const stressed = await stressConfirmations(
    proved,
    {
      runtimes: oneOfEachFamily(supportedRuntimes(runtimes, requiredPython(subject, request.settings))),
      budget: { ...defaultStressBudget, seconds: time.stressSeconds },
      subjectFor: async (runtime) => {
        const { paths } = await provideRequirements(subject, runtime, request.cacheFolder ?? defaultCacheFolder(process.env));
        return testedSubject(subject, paths);
      },
      signal: time.signal,
    },
    (witness, done, total) => request.onProgress(`[${done + 1}/${total}] real threads: ${witness.failure.summary}`),
  );
  seconds["stress"] = secondsSince(since);
  return stressed;
}

/** Models, real threads and the table of atomic operations should agree. */
function contradictionsIn(confirmations: ReadonlyMap<string, Confirmation>, hazards: readonly Hazard[]): Notification[] {
  const messages = [...confirmations].flatMap(([id, confirmation]) =>
    findContradictions(confirmation, hazards.find((hazard) => hazard.id === id)?.reachableOn),
  );
  return [...new Set(messages)].map((message) => ({ level: "warning", message: `a contradiction: ${message}` }));
}
