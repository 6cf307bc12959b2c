// Audits every pair of pairs.json before and after its fix and says which races of extensions in C were found and which went silent.
// Needs a build and the repositories: node bench/corpus-native/run.mjs FOLDER [--only TEXT] [--totals]
//   FOLDER    holds <owner>+<name>/repo, bare git repositories;  --totals  print sums alone: pairs marked `unseen` are to stay unread by who writes rules.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { countVerdicts, judgePair } from "../../corpus/judge-pair.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" }, totals: { type: "boolean", default: false } },
});
const [folder] = positionals;
if (folder === undefined || !existsSync(folder)) {
  process.stderr.write("usage: node bench/corpus-native/run.mjs FOLDER [--only TEXT] [--totals]\n");
  process.exit(2);
}
const { auditNativeFiles } = await import("../../packages/raceproof/dist/native-audit.js");

const isCode = (path) => /\.(c|h|cc|cpp|cxx|hpp)$/.test(path) && !/(^|\/)(tests?|testing|examples?)\//.test(path);

/** Files of one commit, below the pair's folder, all by one process of git. */
function filesAt(pair, commit) {
  const repository = join(folder, pair.repository.replace("/", "+"), "repo");
  const git = (parameters, input) => execFileSync("git", ["-C", repository, ...parameters], { input, maxBuffer: 1 << 30 });
  const paths = git(["ls-tree", "-r", "--name-only", commit, "--", pair.folder ?? "."])
    .toString()
    .split("\n")
    .filter(isCode);
  const batch = git(["cat-file", "--batch"], paths.map((path) => `${commit}:${path}\n`).join(""));
  let at = 0;
  return paths.map((path) => {
    const header = batch.indexOf(10, at);
    const size = Number(batch.subarray(at, header).toString().split(" ")[2]);
    at = header + 1 + size + 1;
    return { path, bytes: batch.subarray(header + 1, header + 1 + size) };
  });
}

const flat = ({ rule, confidence, span, function: within, location, message, evidence, accesses }) => ({
  rule,
  confidence,
  file: span.file,
  line: span.line,
  function: within,
  location: location.display,
  message,
  evidence,
  accesses: accesses.map((access) => ({ file: access.span.file, line: access.span.line, function: access.function, kind: access.kind })),
});

const audited = new Map();
async function findingsAt(pair, commit) {
  const key = `${pair.repository} ${pair.folder} ${commit}`;
  if (!audited.has(key)) audited.set(key, (await auditNativeFiles(filesAt(pair, commit))).hazards.map(flat));
  return audited.get(key);
}

const short = ({ rule, confidence, location, line }) => `${rule.replace(/^.*\//, "")} ${confidence} ${location}:${line}`;
const print = (text) => process.stdout.write(`${text}\n`);

function show(name, { verdict, found, still, hidden, near }) {
  const shown = { OK: found, STILL: still, MISSED: [...hidden, ...near] }[verdict];
  print(`${verdict.padEnd(8)}${name.padEnd(34)}${shown.slice(0, 4).map(short).join("; ")}`);
}

const judged = new Map([
  ["seen", []],
  ["unseen", []],
]);
for (const pair of JSON.parse(readFileSync(new URL("pairs.json", import.meta.url), "utf8")).filter(({ name }) => name.includes(options.only))) {
  if (!existsSync(join(folder, pair.repository.replace("/", "+")))) continue;
  const judgment = judgePair(pair, await findingsAt(pair, pair.before.commit), await findingsAt(pair, pair.after.commit));
  judged.get(pair.unseen === undefined ? "seen" : "unseen").push(judgment);
  if (pair.unseen === undefined && !options.totals) show(pair.name, judgment);
}
for (const [set, judgments] of judged) {
  const { pairs, found, ok } = countVerdicts(judgments);
  print(`${set}: found before ${found}/${pairs}, of these silent after ${ok}/${found}`);
}
