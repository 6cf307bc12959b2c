// A class plan in; a way to make and fill an instance, and the calls that work on it, out. Runs every candidate call alone.
// The calls that fill are chosen by what they open up: how many entry points return and how many new ways through the code there are.
import { classInstance, type ClassPlan, type EndlessCall, type EntryForm } from "../../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "../agent-failure.ts";
import type { Footprint } from "../agent-messages.ts";
import type { Session } from "../session.ts";
import { byMethod, type Candidate, chooseOperations, type Choice, gradeOf, type Measured } from "./choose-operations.ts";
import { driverOf, type InstanceState } from "./class-drivers.ts";
import { endlessCalls } from "./endless-calls.ts";

export interface Survey {
  readonly state: InstanceState;
  readonly choice: Choice;
  readonly endless: readonly EndlessCall[];
  /** Fillers in order of use, for states of other sizes. */
  readonly fillers: readonly EntryForm[];
}

export type SurveyResult = { readonly kind: "surveyed"; readonly survey: Survey } | { readonly kind: "no-instance"; readonly reason: string };

const MOST_INSTANCES_TRIED = 8;
const MOST_FILLERS_TRIED = 8;
const MOST_FILLERS = 2;
/** Full for tables of eight: one more makes them grow. */
export const FULL = 5;
/** The key put in last: a bounded container still has it. */
const PRESENT = FULL - 1;
const ABSENT = 6;
const BATCH = 60;

/** The first process numbers the locations; all of them try states. */
export async function surveyClass(sessions: readonly [Session, ...Session[]], plan: ClassPlan, operationsPerMethod: number): Promise<SurveyResult> {
  const [session] = sessions;
  let reason = "it has no entry points";
  for (const instance of plan.instances.slice(0, MOST_INSTANCES_TRIED)) {
    const bare: InstanceState = { description: "a new instance", instance, prefix: [] };
    const first = await measure(
      session,
      bare,
      plan.forms.flatMap((form) => candidatesOf(form, [PRESENT])),
    );
    if (first.kind === "failed") {
      ({ reason } = first);
      continue;
    }
    const { state, fillers } = await fill(sessions, bare, first.measured);
    const all = await measure(
      session,
      state,
      promisingForms(first.measured).flatMap((form) => candidatesOf(form, [PRESENT, ABSENT])),
    );
    if (all.kind === "failed") return { kind: "no-instance", reason: all.reason };
    return {
      kind: "surveyed",
      survey: { state, fillers, choice: chooseOperations(all.measured, operationsPerMethod), endless: endlessCalls(all.measured, state) },
    };
  }
  return { kind: "no-instance", reason };
}

const MOST_FORMS = 4;

/** Of each entry point the forms that go different ways on the new instance; those that do not even get in come last. */
function promisingForms(measured: readonly Measured[]): EntryForm[] {
  return [...byMethod(measured).values()].flatMap((all) => {
    const routes = new Map<string, Measured>();
    for (const each of all.toSorted((one, other) => gradeOf(one) - gradeOf(other))) {
      if (!routes.has(each.footprint.route)) routes.set(each.footprint.route, each);
    }
    // On a new instance a call with the instance itself does nothing yet.
    const withItself = all.filter(takesItself).map(({ form }) => form);
    return [...new Set([...[...routes.values()].slice(0, MOST_FORMS).map(({ form }) => form), ...withItself])];
  });
}

function takesItself({ call }: Measured): boolean {
  return call.call.arguments.some(({ value }) => value.kind === "shared" && value.name === classInstance);
}

function candidatesOf(form: EntryForm, variants: readonly number[]): Candidate[] {
  const calls = variants.flatMap((variant) => form.variants[variant] ?? []);
  const distinct = new Map(calls.map((call) => [JSON.stringify(call), call]));
  return [...distinct.values()].map((call) => ({ form, call }));
}

/** The instance in a state of its own: `count` keys put in by the first filler, a few by the others, because every execution begins with it. */
export function filledState(bare: InstanceState, fillers: readonly EntryForm[], count: number): InstanceState {
  if (fillers.length === 0 || count === 0) return bare;
  const counted = fillers.map((form, index) => ({ form, times: index === 0 ? count : Math.min(count, A_FEW) }));
  const prefix = counted.flatMap(({ form, times }) => form.variants.slice(FULL - times, FULL));
  const calls = counted.map(({ form, times }) => `${times} x ${form.method}`).join(", ");
  return { ...bare, prefix: [...bare.prefix, ...prefix], description: `${bare.description} after ${calls}` };
}

const A_FEW = 2;

interface Filling {
  readonly state: InstanceState;
  readonly fillers: readonly EntryForm[];
}

/** Greedy: the best filler, then whatever opens up more on top of it. */
async function fill(sessions: readonly [Session, ...Session[]], bare: InstanceState, measured: readonly Measured[]): Promise<Filling> {
  const standard = [...byMethod(measured).values()].flatMap(([first]) => first ?? []);
  const worthWith = async (session: Session, fillers: readonly EntryForm[]): Promise<number> => {
    const result = await measure(session, filledState(bare, fillers, FULL), standard);
    return result.kind === "failed" ? -1 : worthOf(result.measured);
  };
  const tried = growingForms(measured).slice(0, MOST_FILLERS_TRIED);
  const alone = new Map<EntryForm, number>();
  const waiting = [...tried];
  await Promise.all(
    sessions.map(async (session) => {
      for (let form = waiting.shift(); form !== undefined; form = waiting.shift()) alone.set(form, await worthWith(session, [form]));
    }),
  );
  let best = { fillers: [] as readonly EntryForm[], worth: worthOf(standard) };
  for (const form of tried.toSorted((one, other) => (alone.get(other) ?? 0) - (alone.get(one) ?? 0))) {
    if (best.fillers.length === MOST_FILLERS) break;
    const fillers = [...best.fillers, form];
    const worth = fillers.length === 1 ? (alone.get(form) ?? 0) : await worthWith(sessions[0], fillers);
    if (worth >= best.worth) best = { fillers, worth };
  }
  return { state: filledState(bare, best.fillers, FULL), fillers: best.fillers };
}

/** Calls after which there is more state; of each entry point its plainest form that does this. */
function growingForms(measured: readonly Measured[]): EntryForm[] {
  const usable = measured.filter((each) => gradeOf(each) === 0);
  const usual = median(usable.map(({ footprint }) => footprint.stateSize));
  const growing = usable.filter(({ form, footprint }) => footprint.stateSize > usual && footprint.writes.length > 0 && !form.lifecycle);
  const plainest = [...byMethod(growing).values()].flatMap(([first]) => first ?? []);
  return plainest.toSorted((a, b) => a.footprint.steps - b.footprint.steps).map(({ form }) => form);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Entry points that return count most, then the ways through them. */
function worthOf(measured: readonly Measured[]): number {
  const returned = measured.filter((each) => gradeOf(each) === 0);
  return 3 * new Set(returned.map(({ form }) => form.method)).size + new Set(returned.map(({ footprint }) => footprint.route)).size;
}

type Measurement = { readonly kind: "measured"; readonly measured: readonly Measured[] } | { readonly kind: "failed"; readonly reason: string };

/** Each candidate alone. A call that takes the process along is left out, and so are objects that cannot be made. */
async function measure(session: Session, state: InstanceState, candidates: readonly Candidate[]): Promise<Measurement> {
  const calls = candidates.map(({ call }) => call);
  // A driver needs two operations.
  const driver = driverOf("every entry point alone", state, calls.length === 1 ? [...calls, ...calls] : calls);
  const measured: Measured[] = [];
  try {
    const player = await session.open(driver);
    for (let start = 0; start < candidates.length; start += BATCH) {
      const batch = candidates.slice(start, start + BATCH);
      const { footprints } = await player.footprint(batch.map((_, index) => start + index));
      measured.push(...batch.flatMap((candidate, index) => withFootprint(candidate, footprints[index])));
    }
    return { kind: "measured", measured };
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    const left = withoutCause(error, candidates, measured.length);
    return left.length === candidates.length ? { kind: "failed", reason: describeAgentFailure(error.reason) } : measure(session, state, left);
  }
}

function withoutCause({ reason }: AgentFailure, candidates: readonly Candidate[], done: number): readonly Candidate[] {
  if (reason.kind === "refused") return candidates.filter(({ call }) => call.needs.length === 0);
  const progress = "progress" in reason ? reason.progress : undefined;
  return progress === undefined ? candidates : candidates.toSpliced(done + progress, 1);
}

function withFootprint(candidate: Candidate, footprint: Footprint | undefined): Measured[] {
  return footprint === undefined ? [] : [{ ...candidate, footprint }];
}
