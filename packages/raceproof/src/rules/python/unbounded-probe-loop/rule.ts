// A loop looks for a place in a shared table and ends only when the table says so: other threads change the table, the place never comes.
// Misses: probes that follow links from object to object. Over-reports: tables that always keep an entry that ends the search.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata, TestFact } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { testAsAccess } from "../call-as-access.ts";
import { beliefInSharing } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { isInCondition } from "../controlled-by.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { provokeProbe } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/unbounded-probe-loop",
  title: "Search in a shared table that may never end",
  severity: "deadlock",
  consequence: "A thread spins for ever: the slot it looks for was moved, removed or taken by another thread.",
  sources: [
    "Knuth, The Art of Computer Programming, vol. 3, 6.4: open addressing ends only while the table keeps an empty slot",
    "measured: a pure-Python hash table with open addressing hangs on CPython 3.12 and 3.13t when two threads remove entries",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Hold one lock over the search and every change of the table", cost: "low", detail: "Readers that only search take it too." },
    { title: "Bound the search", cost: "low", detail: "`for _ in range(len(table))` instead of `while`, and an error when nothing was found." },
    { title: "Search in a copy that nobody changes", cost: "medium", detail: "Writers build a new table and rebind the attribute." },
  ],
};

function find(program: Program): Hazard[] {
  const functions = indexOf(program).functionsDoing(openly(activity.element));
  return functions.flatMap((fn) => fn.tests.flatMap((test) => (test.kind === "while" && !test.exits ? hazardsAt(program, fn, test) : [])));
}

/** One hazard per loop: the table it asks last. */
function hazardsAt(program: Program, fn: FunctionFact, test: TestFact): Hazard[] {
  const probe = fn.accesses.findLast((access) => isProbe(access, test) && decidesEnd(fn, access, test));
  if (!probe || !isSearch(program.sourceOf(test.span), probe, test)) return [];
  const writers = interferingWith(program, probe, (other) => addsOrRemoves(other.operation));
  const writer = writers[0];
  if (!writer) return [];
  return [
    draftHazard(program, metadata, {
      main: testAsAccess(test, probe),
      sequence: [testAsAccess(test, probe), probe],
      interfering: writers,
      ...beliefInSharing(program, probe),
      message: `the loop ends only when ${probe.text}[${probe.key ?? ""}] says so, while ${writer.function} (line ${writer.span.line}) changes ${probe.location.display}`,
    }),
  ];
}

/** Reads an element at an index that is no constant, in the loop. */
function isProbe(access: AccessFact, test: TestFact): boolean {
  const inside = isInCondition(access.order, test) || (access.order >= test.whenTrue[0] && access.order < test.whenTrue[1]);
  return inside && access.kind === "read" && access.operation === "[]" && access.sharing === "shared" && access.lockset.length === 0;
}

/** The condition reads the table, or a name that was read from it. */
function decidesEnd(fn: FunctionFact, probe: AccessFact, test: TestFact): boolean {
  if (isInCondition(probe.order, test)) return true;
  return fn.accesses.some(({ location, text }) => location.key === probe.location.key && test.origins.includes(text));
}

/** The index moves in the loop, and the condition compares nothing with a bound. */
function isSearch(source: string, { key }: AccessFact, test: TestFact): boolean {
  if (key === undefined || !/^[A-Za-z_]\w*$/.test(key)) return false;
  const condition = source.slice("while ".length, "while ".length + test.condition[1] - test.condition[0]);
  return !/[<>]/.test(condition) && new RegExp(`\\b${key} ?([-+*/%&|^]|<<|>>)?= `).test(source);
}

export const rule: Rule = { metadata, find, provoke: provokeProbe };
