// A function in, the pairs of calls in it that look into and then change or rely on one shared container for the same key out.
// The first call answers a question (in a condition, through a local name, by failing, or as a loop that searches); the second acts on the answer.
import type { CallFact, FunctionFact, LocationFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { removes } from "../container-operations.ts";
import { areAlternatives, controls, isInCondition } from "../controlled-by.ts";
import type { ActEffect, ReachedContainers } from "./reached-containers.ts";

export interface CallPair {
  readonly check: CallFact;
  readonly act: CallFact;
  readonly location: LocationFact;
  /** What the second call does with the answer. */
  readonly effect: ActEffect;
}

/** Beyond this many calls between the function and the container, "the same container" stops meaning anything; questions reach further. */
const deepestQuestion = 6;
const deepestAnswer = 2;

/**
 * One pair per question asked in a condition; for answers carried there, one per container and effect that no question has.
 * Of several acts the one that reaches the container by the fewest calls.
 */
export function callPairsIn(program: Program, fn: FunctionFact, reached: ReachedContainers): CallPair[] {
  const calls = fn.calls.filter((call) => call.targets.length > 0 && call.lockset.length === 0 && call.sharing === "shared");
  if (calls.length < 2) return [];
  const checks = calls.filter((check) => check.valueUsed && reached.looks(check) && !isConstruction(program, check));
  const questions = new Set(checks.filter((check) => isPredicate(program, check) && fn.tests.some((test) => isInCondition(check.order, test))));
  const pairs: CallPair[] = [];
  const found = new Set<string>();
  for (const check of new Set([...questions, ...checks])) {
    const pair = bestPair({ program, fn, reached, check, found: questions.has(check) ? none : found }, calls);
    if (!pair) continue;
    pairs.push(pair);
    found.add(keyOf(pair.effect, pair.location));
  }
  return pairs;
}

/** What makes an object of its own asks nothing. */
function isConstruction(program: Program, { targets }: CallFact): boolean {
  return targets.every((target) => program.functions[target]?.qualifiedName.endsWith(".__init__") === true);
}

const none: ReadonlySet<string> = new Set();

interface Search {
  readonly program: Program;
  readonly fn: FunctionFact;
  readonly reached: ReachedContainers;
  readonly check: CallFact;
  /** Containers and effects that need no further pair. */
  readonly found: ReadonlySet<string>;
}

function keyOf(effect: ActEffect, { location }: LocationFact): string {
  return `${effect}|${location.key}`;
}

interface Candidate {
  readonly pair: CallPair;
  readonly depth: number;
}

function bestPair(search: Search, calls: readonly CallFact[]): CallPair | undefined {
  // Without a key only a question can be about the same thing.
  if (search.check.origins.length === 0 && search.found !== none) return undefined;
  const { check } = search;
  const acts = calls.filter(
    (act) => act.order > check.order && act.handled.length === 0 && concernSameThing(check, act) && !areAlternatives(search.fn.tests, check.order, act.order),
  );
  if (acts.length === 0) return undefined;
  const answer = `call@${check.order}`;
  const tests = search.fn.tests.filter((test) => asks(check, answer, test));
  let best: Candidate | undefined;
  for (const act of acts) {
    const next = candidateOf(search, tests, act);
    if (next && (!best || next.depth < best.depth)) best = next;
  }
  return best?.pair;
}

function candidateOf(search: Search, tests: readonly TestFact[], act: CallFact): Candidate | undefined {
  for (const effect of effectsOf(search, tests, act)) {
    const shared = search.reached.sharedBy(search.check, act, effect);
    if (!shared || search.found.has(keyOf(effect, shared.location)) || (effect === "reads" && !hasRemovers(search, shared.location))) continue;
    if (shared.depth > reachOf(search, effect)) return undefined;
    return { pair: { check: search.check, act, location: shared.location, effect }, depth: shared.depth };
  }
  return undefined;
}

function reachOf({ program, check }: Search, effect: ActEffect): number {
  return effect !== "removes" && isPredicate(program, check) ? deepestQuestion : deepestAnswer;
}

/** The test's condition contains the call or depends on its answer. */
function asks(check: CallFact, answer: string, test: TestFact): boolean {
  if (test.kind === "comprehension" || test.kind === "assert") return false;
  return isInCondition(check.order, test) || (test.condition[0] > check.order && test.origins.includes(answer));
}

/** They share a key; or neither has one and both are asked of the same object. The same call again is a second try. */
function concernSameThing(check: CallFact, act: CallFact): boolean {
  const keyless = check.origins.length === 0 && act.origins.length === 0;
  if (!keyless && !check.origins.some((origin) => act.origins.includes(origin))) return false;
  if (areTwoReceivers(check, act) || check.text === act.text || act.text.endsWith(".setdefault")) return false;
  return !keyless || receiverOf(check.text) === receiverOf(act.text);
}

const receiverOf = (text: string): string => text.slice(0, Math.max(0, text.lastIndexOf(".")));

/** `one.find(k)`, `two.add(k)`: two objects, unless the second came out of the first or was handed to it. */
function areTwoReceivers(check: CallFact, act: CallFact): boolean {
  const [one, two] = [receiverOf(check.text), receiverOf(act.text)];
  if (!/^\w+$/.test(one) || !/^\w+$/.test(two) || one === two) return false;
  return !act.receiver.some((origin) => origin === `call@${check.order}` || check.origins.includes(origin));
}

/** What the second call may do wrong, the worst first. */
function effectsOf(search: Search, tests: readonly TestFact[], act: CallFact): ActEffect[] {
  const { check, reached } = search;
  const question = tests.find((test) => controls(test, act.order));
  const asked = question !== undefined && isInCondition(check.order, question) && isPredicate(search.program, check);
  if (check.origins.length === 0) return asked ? ["removes"] : [];
  const out: ActEffect[] = [];
  if (question || isSearchLoop(search, tests, act)) out.push("changes");
  else if (reached.mayRaise(check) && check.handled.length === 0) out.push("removes");
  if (asked && act.valueUsed && reached.mayRaise(act)) out.push("reads");
  return out;
}

function isPredicate(program: Program, call: CallFact): boolean {
  return call.targets.some((target) => program.functions[target]?.predicate === true);
}

/** `for entry in self.find(key): if entry is the one: return`, and what comes after the loop runs because nothing was found. */
function isSearchLoop({ program, check }: Search, tests: readonly TestFact[], act: CallFact): boolean {
  if (act.statement.line <= check.statement.endLine || !tests.some((test) => test.span.endLine <= check.statement.endLine)) return false;
  return /^(async )?for /.test(program.sourceOf(check.statement));
}

/** Somebody takes elements away, or puts None in their place. What a collection offers to its users and the program never calls is no somebody. */
function hasRemovers({ program, check }: Search, { accesses }: LocationFact): boolean {
  const isOwn = /^(self|cls)\b[^.]*$/.test(receiverOf(check.text)) || check.text === "self";
  return accesses.some((access) => {
    if (access.sharing !== "shared" || (!removes(access.operation) && access.stored !== "none")) return false;
    const fn = program.functions[access.functionId];
    return isOwn || fn === undefined || fn.callers.length > 0 || !/\.(__delitem__|pop|popitem|clear|discard|remove)$/.test(fn.qualifiedName);
  });
}
