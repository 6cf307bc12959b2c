// A row of the atomicity table in, words for the runtimes on which the operation goes wrong out: evidence of hazards.
import { runtimeFamilies } from "../../models/index.ts";
import type { AtomicityRow, RuntimeFamily } from "../../models/index.ts";

const names: Readonly<Record<RuntimeFamily, string>> = {
  "gil-3.9": "CPython up to 3.9",
  gil: "CPython 3.10 and later with the GIL",
  "free-threaded": "free-threaded CPython",
  pypy: "PyPy",
};

/** "goes wrong on free-threaded CPython and PyPy; atomic on CPython 3.10 and later with the GIL (bench/atomicity)". */
export function runtimesInTrouble(row: AtomicityRow): string {
  const [wrong, atomic] = [false, true].map((good) =>
    runtimeFamilies.filter((family) => (row.on[family] === "atomic") === good).map((family) => names[family]),
  );
  const words = [wrong && wrong.length > 0 && `goes wrong on ${join(wrong)}`, atomic && atomic.length > 0 && `atomic on ${join(atomic)}`];
  return `${words.filter((each) => each !== false).join("; ")} (${row.source})`;
}

function join(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
