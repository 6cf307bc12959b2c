// Usages in, pairs of statements out that use given names: candidates for two threads, with what runs before them.
// Misses: which class a method belongs to is not known; what a driver does not reach is found out when it is prepared.
import type { Usage } from "../../../vocabulary/index.ts";

/** Two statements of one usage, each an operation of a thread; `first` may equal `second`. Everything before `until` is set-up. */
export interface UsagePair {
  readonly usage: Usage;
  readonly first: number;
  readonly second: number;
  readonly until: number;
}

export interface UsageTargets {
  /** Methods, functions or classes that lead to the suspect accesses. */
  readonly names: readonly string[];
  /** Names that tell a usage is about the right thing: classes and modules. */
  readonly hints: readonly string[];
}

/** Two whole tests, each an operation of a thread; `second` may be `first`. */
export interface TestPair {
  readonly first: Usage;
  readonly second: Usage;
  /** fixtures: what their parameters and their test case stand for is made once, for both. module: all they share is what the module keeps. */
  readonly shares: "fixtures" | "module";
}

const longestSetUp = 24;

/** Looks names up in all usages of a subject. */
export class UsageIndex {
  readonly #tests: readonly Usage[];
  readonly #steps = new Map<string, { readonly usage: Usage; readonly index: number }[]>();

  constructor(usages: readonly Usage[]) {
    this.#tests = usages.filter(({ module, isEntered }) => module !== undefined && isEntered !== true);
    for (const usage of usages) {
      usage.steps.forEach(({ uses, form }, index) => {
        if (form === "import") return;
        for (const name of uses) this.#steps.set(name, [...(this.#steps.get(name) ?? []), { usage, index }]);
      });
    }
  }

  /** Short tests that use many of the names first: with themselves and with the next one on the same fixtures; then two copies that share the module. */
  testsFor({ names, hints }: UsageTargets, most: number): TestPair[] {
    const wanted = new Set(names);
    const scored = this.#tests.flatMap((usage) => {
      const used = new Set(usage.steps.flatMap(({ uses }) => uses.filter((name) => wanted.has(name)))).size;
      return used === 0 ? [] : [{ usage, cost: costOf({ usage, index: usage.steps.length }, hints) - 3 * used }];
    });
    const tests = scored.toSorted((a, b) => a.cost - b.cost).map(({ usage }) => usage);
    const pairs = tests.slice(0, most).flatMap((first, index): TestPair[] => {
      const next = tests.find((second, at) => at > index && fixturesOf(second) === fixturesOf(first));
      const shared = fixturesOf(first) === "" ? [] : [first, ...(next === undefined ? [] : [next])];
      return [...shared.map((second) => ({ first, second, shares: "fixtures" as const })), { first, second: first, shares: "module" }];
    });
    return pairs.slice(0, most);
  }

  /** In turns over the names, those about the right thing and with a short set-up first; each usage once before any twice. */
  pairsFor({ names, hints }: UsageTargets, most: number): UsagePair[] {
    const wanted = new Set(names);
    const queues = [...wanted].map((name) => {
      const found = (this.#steps.get(name) ?? []).filter(({ index }) => index <= longestSetUp);
      const costs = new Map(found.map((each) => [each, costOf(each, hints)]));
      return found.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0)).map(({ usage, index }) => pairsAt(usage, index, wanted));
    });
    const out: UsagePair[] = [];
    for (let turn = 0; out.length < most && queues.some((queue) => queue.length > turn); turn++) {
      for (const queue of queues) out.push(...(queue[turn] ?? []));
    }
    return out.slice(0, most);
  }
}

/** Equal for tests that can be given the same objects; empty for those that take none. */
function fixturesOf({ file, testCase, parameters }: Usage): string {
  const isPlain = testCase === undefined && parameters.every(({ kind }) => kind === "value");
  const given = parameters.map((each) => (each.kind === "fixture" ? `${each.module}.${each.name}` : `${each.name}=${each.text}`));
  return isPlain ? "" : [file, testCase?.className ?? "", ...given.toSorted()].join(" ");
}

function costOf({ usage, index }: { readonly usage: Usage; readonly index: number }, hints: readonly string[]): number {
  const isAbout = hints.some((hint) => usage.moduleNames.has(hint) || usage.steps.some(({ uses }) => uses.includes(hint)));
  const isLong = (usage.steps[index]?.text.length ?? 0) / 200;
  return index + usage.parameters.length + isLong + (isAbout ? 0 : 10);
}

/** The statement against itself, against the next one that uses a wanted name, and against the one before it. */
function pairsAt(usage: Usage, index: number, wanted: ReadonlySet<string>): UsagePair[] {
  const isWanted = (at: number): boolean => usage.steps[at]?.uses.some((name) => wanted.has(name)) === true;
  const next = usage.steps.findIndex((_, at) => at > index && isWanted(at) && isFreeOf(usage, at, index));
  const before = index > 0 && usage.steps[index - 1]?.form === "expression" ? [{ usage, first: index, second: index - 1, until: index }] : [];
  return [{ usage, first: index, second: index, until: index }, ...(next < 0 ? [] : [{ usage, first: index, second: next, until: index }]), ...before];
}

/** Does not need what the statements from `from` on leave behind. */
function isFreeOf({ steps }: Usage, at: number, from: number): boolean {
  const left = new Set(steps.slice(from, at).flatMap(({ stores }) => stores));
  return steps[at]?.loads.every((name) => !left.has(name)) === true;
}
