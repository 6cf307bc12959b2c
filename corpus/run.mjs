// Audits every pair of pairs.json before and after its fix with the built package, and says which races were found and which went
// silent. Needs a build (npm run build). Usage: node corpus/run.mjs [--only TEXT] [--unseen SET] [--folder FOLDER] [--kind release|commit] [--json]
//   --folder  take <folder>/<pair>/before and /after from disk instead of fetching;  --kind  which of a pair's two forms to fetch;
//   --unseen  only the pairs of one set ("first set") that nobody who wrote a rule had seen when it was first measured.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inRepository } from "../scripts/repository.mjs";
import { auditVersion } from "./audit-version.mjs";
import { countVerdicts, judgePair } from "./judge-pair.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    unseen: { type: "string" },
    folder: { type: "string" },
    kind: { type: "string", default: "release" },
    cache: { type: "string" },
    pairs: { type: "string", default: inRepository("corpus", "pairs.json") },
    json: { type: "boolean", default: false },
  },
});

/** What to audit for one side of a pair; undefined when it does not exist in the asked form. */
function specificationOf(pair, side) {
  if (options.folder !== undefined) {
    const folder = join(options.folder, pair.name, side, pair.folder ?? "");
    return existsSync(folder) ? folder : undefined;
  }
  const { commit, release } = pair[side];
  if (options.kind === "release" || commit === undefined) return release;
  return `git+https://github.com/${pair.repository}@${commit}${pair.folder ? `#subdirectory=${pair.folder}` : ""}`;
}

async function findingsOf(specification) {
  const { findings } = await auditVersion(specification, { cache: options.cache });
  return findings;
}

async function judge(pair) {
  const [before, after] = ["before", "after"].map((side) => specificationOf(pair, side));
  if (before === undefined || after === undefined) return { name: pair.name, verdict: "SKIPPED", reason: "not available in this form" };
  try {
    return judgePair(pair, await findingsOf(before), await findingsOf(after));
  } catch (error) {
    return { name: pair.name, verdict: "SKIPPED", reason: error.message };
  }
}

const short = ({ rule, confidence, location, line }) => `${rule.replace(/^.*\//, "")} ${confidence} ${location}:${line}`;

function lineOf(judgment) {
  const { name, verdict, found = [], still = [], hidden = [], near = [], reason } = judgment;
  const details = {
    OK: () => found.map(short),
    STILL: () => still.map(short),
    MISSED: () => [...hidden.map((finding) => `(hidden) ${short(finding)}`), ...near.map((finding) => `(near) ${short(finding)} in ${finding.function}`)],
    SKIPPED: () => [reason],
  }[verdict]();
  return [verdict.padEnd(8), name.padEnd(36), ...(found.length > 0 && !judgment.onLocation ? ["(other location)"] : []), details.join("; ")].join(" ").trimEnd();
}

const judgments = [];
const isAsked = ({ name, unseen }) => name.includes(options.only) && (options.unseen === undefined || unseen === options.unseen);
for (const pair of JSON.parse(readFileSync(options.pairs, "utf8")).filter(isAsked)) {
  const judgment = await judge(pair);
  judgments.push(judgment);
  if (!options.json) console.log(lineOf(judgment));
}
const judged = judgments.filter(({ verdict }) => verdict !== "SKIPPED");
const totals = { ...countVerdicts(judged), skipped: judgments.length - judged.length };
if (options.json) console.log(JSON.stringify({ totals, judgments }, null, 2));
else console.log(`found before ${totals.found}/${totals.pairs} (${totals.foundOnLocation} at the location), silent after ${totals.ok}/${totals.found}, skipped ${totals.skipped}`);
process.exitCode = judged.length === 0 ? 2 : 0;
