// Recall of the audit of C on a repository whose hazards were listed by hand: node bench/native/truth.mjs REPOSITORY [TRUTH NEGATIVES]
// Each revision the list names is taken out of the repository with git and audited; an entry counts when its function is reported in its file.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const besides = (name) => fileURLToPath(new URL(`../../../shared/truth/${name}`, import.meta.url));
const [repository, truthFile = besides("multidict-truth.json"), negativesFile = besides("multidict-negatives.json")] = process.argv.slice(2);
if (repository === undefined || !existsSync(truthFile)) {
  process.stderr.write("usage: node bench/native/truth.mjs REPOSITORY [TRUTH NEGATIVES]\n");
  process.exit(2);
}

const { auditNativeFiles } = await import("../../packages/raceproof/dist/native-audit.js");
const git = (...parameters) => execFileSync("git", ["-C", repository, ...parameters], { maxBuffer: 1 << 28 });
const entries = JSON.parse(readFileSync(truthFile, "utf8")).filter(({ language }) => language === "c");
const negatives = existsSync(negativesFile) ? JSON.parse(readFileSync(negativesFile, "utf8")).filter(({ language }) => language === "c") : [];
const isHere = (place) => (hazard) => hazard.span.file === place.file && hazard.function === place.function;

async function auditAt(revision) {
  const paths = git("ls-tree", "-r", "--name-only", revision).toString().split("\n");
  const files = paths
    .filter((path) => /\.(c|h)$/.test(path) && !/(^|\/)tests?\//.test(path))
    .map((path) => ({ path, bytes: git("show", `${revision}:${path}`) }));
  const { hazards, coverage } = await auditNativeFiles(files);
  process.stdout.write(
    `${revision}: ${files.length} files, ${coverage.functions} functions, ${coverage.errorBytes} bytes not understood, ${hazards.length} hazards\n`,
  );
  return hazards;
}

const rows = new Map();
const hazardsAt = new Map();
for (const revision of new Set(entries.map(({ commit }) => commit))) {
  const hazards = await auditAt(revision);
  hazardsAt.set(revision, hazards);
  for (const entry of entries.filter(({ commit }) => commit === revision)) {
    const row = rows.get(entry.rule) ?? { listed: 0, found: 0, missed: [] };
    row.listed++;
    if (hazards.some(isHere(entry))) row.found++;
    else row.missed.push(`${entry.function}:${entry.line}`);
    rows.set(entry.rule, row);
  }
}
const [base] = hazardsAt.values();

process.stdout.write("\n| entries of | listed | found | missed |\n|---|---|---|---|\n");
for (const [rule, { listed, found, missed }] of rows) process.stdout.write(`| ${rule} | ${listed} | ${found} | ${missed.join(", ")} |\n`);
const all = [...rows.values()];
const sum = (of) => all.reduce((total, row) => total + row[of], 0);
process.stdout.write(`| all | ${sum("listed")} | ${sum("found")} | |\n\n`);
const isShown = ({ confidence }) => confidence !== "low";
// A function that both lists name is a hazard for another reason (used before it is initialized) than the one it is free of (a race).
const reported = negatives.filter((place) => /not-shared/.test(place.rule) && base.filter(isShown).some(isHere(place)));
const isListed = (place) => entries.some((entry) => entry.file === place.file && entry.function === place.function && /init|gc|leak/.test(entry.rule));
const [untrue, both] = [reported.filter((place) => !isListed(place)), reported.filter(isListed)];
const names = (places) => places.map((place) => place.function).join(", ");
process.stdout.write(
  `Harmless functions reported at the first revision: ${untrue.length} of ${negatives.length} (${names(untrue)}); also listed as hazards: ${names(both)}\n`,
);

/** The revision that holds the fix, and which rules make the claim of an entry that it closes. */
const fixed = "31d372c7";
const claims = {
  "c/ft-unlocked-entry-point": ["unlocked-entry-point", "slot-bypasses-lock"],
  "c/uaf-cached-table-pointer": ["pointer-kept-across-resize", "unlocked-entry-point", "slot-bypasses-lock"],
  "c/reader-writes-shared-state": ["reader-that-writes", "unlocked-entry-point", "slot-bypasses-lock"],
  "c/half-deleted-window-across-callback": ["half-deleted-window"],
  "c/publish-before-init": ["publish-before-init"],
  "c/write-through-shared-static": ["mutable-static"],
  "c/gil-not-used-without-locking": ["declared-but-unsafe"],
  "c/unbounded-probe-loop": ["unbounded-probe-loop"],
  "c/reinit-leaks-and-races": ["initialized-again"],
  "c/label-before-end-critical-section": ["label-before-end-section"],
};
const after = hazardsAt.get(fixed)?.filter(isShown) ?? [];
const isOpen = ({ fixed_at: by, commit }) => by === null && commit !== "8a4e5402";
const [open, closed] = [entries.filter(isOpen), entries.filter(({ fixed_at: by }) => by !== null)];
const missing = open.filter((entry) => !hazardsAt.get(fixed)?.some(isHere(entry)));
const claimed = closed.filter((entry) => after.some((hazard) => isHere(entry)(hazard) && claims[entry.rule].some((rule) => hazard.rule === `c/${rule}`)));
const onlyClosed = closed.filter((entry) => !open.some((other) => other.file === entry.file && other.function === entry.function));
const others = new Set(
  after
    .filter((hazard) => onlyClosed.some((entry) => isHere(entry)(hazard)))
    .map((hazard) => `  ${hazard.function}:${hazard.span.line} ${hazard.rule} ${hazard.message}`),
);
process.stdout.write(
  `At ${fixed}: ${open.length - missing.length} of ${open.length} entries that stay open are reported (missing: ${names(missing)}); ` +
    `${claimed.length} of ${closed.length} that are fixed are still reported by the rules that claim them (${names(claimed)}); findings of other rules where all entries are fixed:\n${[...others].join("\n")}\n`,
);
