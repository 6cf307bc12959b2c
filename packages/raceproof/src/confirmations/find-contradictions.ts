// Compares what is believed of a failure on a kind of interpreter with what real threads and the models showed there.
// Enters: a confirmation, and the families on which the audit's table says the operation goes wrong. Leaves: sentences, one per contradiction.
// A stress test that never failed contradicts nothing; neither does one that failed in another way than the witness.
import {
  type Confirmation,
  familyOf,
  familyWords,
  type FamilyReach,
  type RuntimeFamily,
  type RuntimeRow,
  type StressFailure,
  type Witness,
} from "../vocabulary/index.ts";

/** @param atomicElsewhere families on which the operation goes wrong by the table; undefined: on all, or not known */
export function findContradictions({ witness, runtimes, reachability = [] }: Confirmation, atomicElsewhere?: readonly RuntimeFamily[]): readonly string[] {
  if (witness === undefined) return [];
  const models = new Map(reachability.map((reach) => [reach.family, reach]));
  const byStress = runtimes.flatMap((row) => contradictionOfRow(row, witness, models.get(familyOf(row.runtime))));
  const byTable = reachability.flatMap(({ family, verdict }) =>
    verdict === "reached" && atomicElsewhere !== undefined && !atomicElsewhere.includes(family)
      ? [`${witness.failure.summary}: the model of ${familyWords[family]} reaches it, where the table of atomic operations leaves it out`]
      : [],
  );
  return [...byStress, ...byTable];
}

function contradictionOfRow(row: RuntimeRow, witness: Witness, model: FamilyReach | undefined): string[] {
  if (model?.verdict !== "excluded" || row.stress === undefined || failsWithoutThreads(row)) return [];
  const failing = row.stress.failures.filter((failure) => isSame(failure, witness)).reduce((sum, { repeats }) => sum + repeats, 0);
  if (failing === 0) return [];
  return [
    `${witness.failure.summary}: ${failing} of ${row.repeats} repeats with real threads on ${row.runtime}, where the model of ${familyWords[model.family]} did not show it in any of ${model.schedules} schedules with up to ${model.bound ?? 0} preemptions`,
  ];
}

/** Such a row says nothing about threads. */
function failsWithoutThreads({ stress }: RuntimeRow): boolean {
  return stress?.controls.some(({ arm, failing }) => arm === "one thread" && failing > 0) === true;
}

/** Real threads see outcomes less exactly than a schedule: they count by kind, exceptions by type and place. */
function isSame({ kind, summary }: StressFailure, { failure }: Witness): boolean {
  return kind === failure.kind && (kind !== "exception" || summary === failure.summary);
}
