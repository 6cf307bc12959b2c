// A confirmed finding in, its reproducer section out: driver, replay command, interleaving, outcomes against serial orders,
// runtimes, and what was not controlled.
import { familyOfModel, familyWords, wilsonInterval } from "../vocabulary/index.ts";
import type { Confirmation, RuntimeRow, Witness } from "../vocabulary/index.ts";
import { compareOutcomes, describeEnding } from "./describe-outcome.ts";
import { explainInterleaving } from "./explain-interleaving.ts";
import { letterOf } from "./interleaving.ts";
import type { DetailLedger } from "./markdown-detail.ts";
import { markdownCode, markdownDetails, markdownFence, markdownHeading, markdownProse, markdownTable } from "./markdown-text.ts";
import { quoteForShell } from "./plain-text.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import { describeCircumstances, describeFamilyReach, describeRung } from "./report-words.ts";
import type { NumberedFinding } from "./shape-groups.ts";

/** One finding with a confirmation that carries a witness. */
export interface Reproducible extends NumberedFinding {
  readonly confirmation: Confirmation;
  readonly witness: Witness;
}

export function reproducibleOf(numbered: NumberedFinding): Reproducible | undefined {
  const confirmation = numbered.finding.confirmation;
  if (confirmation?.verdict !== "confirmed" || confirmation.witness === undefined) return undefined;
  return { ...numbered, confirmation, witness: confirmation.witness };
}

export function renderReproducer(item: Reproducible, ledger: DetailLedger, options: WitnessEncoding): string {
  const { confirmation, witness } = item;
  const { hazard } = item.finding;
  return [
    markdownHeading(4, ledger.text(`Number ${item.number}: ${hazard.function}, ${hazard.location.display}`)),
    renderSummary(item, ledger),
    renderSwimlane(witness, ledger),
    renderOutcomes(witness, ledger),
    renderRuntimes(confirmation.runtimes, ledger),
    renderReachability(confirmation, ledger),
    renderDriver(witness, ledger, options),
    confirmation.uncontrolled.length === 0 ? "" : renderUncontrolled(confirmation.uncontrolled, ledger),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** "What the scheduler did not control: ..." or the plain statement that it controlled everything it saw. */
export function renderUncontrolled(uncontrolled: readonly string[], ledger: DetailLedger): string {
  if (uncontrolled.length === 0) return "Not controlled during these runs: nothing that was noticed.";
  const shown = ledger.take(uncontrolled, 20, "note on control").map((entry) => markdownProse(ledger.text(entry)));
  return `Not controlled during these runs: ${shown.join("; ")}.`;
}

function renderSummary({ confirmation, witness }: Reproducible, ledger: DetailLedger): string {
  const switches = witness.preemptions === 1 ? "1 preemption" : `${witness.preemptions} preemptions`;
  const ending = describeEnding(witness.outcome);
  const search = ledger.take(confirmation.rungs, 8, "search step").map(describeRung);
  return [
    markdownProse(ledger.text(confirmation.reason)),
    `Failure: ${witness.failure.kind}, ${markdownCode(ledger.text(witness.failure.summary))}${ending === undefined ? "" : ` (${markdownProse(ledger.text(ending))})`}.`,
    `Found on ${markdownProse(ledger.text(witness.runtime))}${witness.model === undefined ? "" : ` under the model of ${familyWords[familyOfModel(witness.model)]}`} with ${switches}${search.length === 0 ? "" : ` (${markdownProse(ledger.text(search.join("; ")))})`}.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function renderSwimlane(witness: Witness, ledger: DetailLedger): string {
  const block = ledger.block(explainInterleaving(witness), "interleaving");
  if (block === undefined) return "";
  return `The interleaving (time runs downward; \`*\` marks what both threads touch and one of them changes):\n\n${markdownFence("text", block)}`;
}

function renderOutcomes(witness: Witness, ledger: DetailLedger): string {
  if (witness.serial.length === 0) return "No serial order was recorded to compare with.";
  const all = compareOutcomes(witness);
  const withState = all.some((row) => row.state !== undefined);
  const threads = Array.from({ length: Math.max(...all.map((row) => row.results.length)) }, (_, index) => `Thread ${letterOf(index)}`);
  const rows = ledger
    .take(all, 9, "serial order")
    .map((row) => [
      markdownProse(ledger.text(row.run)),
      ...threads.map((_, index) => markdownCode(ledger.text(row.results[index] ?? ""))),
      ...(withState ? [markdownCode(ledger.text(row.state ?? ""))] : []),
    ]);
  const header = ["Order", ...threads, ...(withState ? ["Final state, where it differs"] : [])];
  return `What it gives, and what the same calls give one after the other:\n\n${markdownTable(header, rows)}`;
}

function renderReachability({ reachability = [] }: Confirmation, ledger: DetailLedger): string {
  if (reachability.length === 0) return "";
  const answers = reachability.map((reach) => `- ${markdownProse(ledger.text(describeFamilyReach(reach)))}`);
  return `Where it can show, by models of interpreters (other switch points for the same scheduler, on this driver):\n\n${answers.join("\n")}`;
}

function renderRuntimes(rows: readonly RuntimeRow[], ledger: DetailLedger): string {
  if (rows.length === 0) return "Not replayed on other runtimes.";
  const cells = ledger
    .take(rows, 24, "runtime row")
    .map((row) => [
      markdownProse(ledger.text(row.runtime)),
      `${row.failing} of ${row.repeats}`,
      describeInterval(row),
      row.reached === undefined ? "" : `${row.reached}`,
      row.signal === undefined ? "" : markdownProse(ledger.text(row.signal)),
      markdownProse(ledger.text(describeCircumstances(row))),
    ]);
  return markdownTable(["Runtime", "Failing", "95 % interval", "Plan reached", "Signal", "Note"], cells);
}

function renderDriver(witness: Witness, ledger: DetailLedger, options: WitnessEncoding): string {
  const driver = ledger.block(witness.driver.source, "driver");
  const command = ledger.block(`raceproof replay ${quoteForShell(options.encodeWitness(witness))}`, "witness string");
  const parts = [
    driver === undefined ? "" : `The driver (each \`operation\` is one thread):\n\n${markdownFence("python", driver)}`,
    command === undefined
      ? "The witness string is in the JSON report (`findings[].witness`)."
      : `The same interleaving again, every time:\n\n${markdownFence("sh", command)}`,
  ];
  return markdownDetails("Reproducer and replay command", parts.filter((part) => part !== "").join("\n\n"));
}

function describeInterval({ failing, repeats }: RuntimeRow): string {
  const interval = wilsonInterval(failing, repeats);
  if (interval === undefined) return "";
  const [from, to] = interval.map((rate) => (100 * rate).toFixed(1));
  return `${from}–${to} %`;
}
