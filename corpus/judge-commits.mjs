// Enters: pairs of commits, the audit of a language and which of a repository's files it reads. Leaves: every pair's verdict and the sums on standard output.
// Parameters of the command: FOLDER [--only TEXT] [--set TEXT] [--read TEXT] [--totals]. Pairs marked `unseen` are to stay unread by who writes rules until they
// were judged: only the sums of their set are printed, but for sets that `--read` names.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { filesAt } from "./commit-files.mjs";
import { countVerdicts, judgePair } from "./judge-pair.mjs";

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

const short = ({ rule, confidence, location, line }) => `${rule.replace(/^.*\//, "")} ${confidence} ${location}:${line}`;
const print = (text) => process.stdout.write(`${text}\n`);

function show(name, { verdict, found, still, hidden, near }) {
  const shown = { OK: found, STILL: still, MISSED: [...hidden, ...near] }[verdict];
  print(`${verdict.padEnd(8)}${name.padEnd(34)}${shown.slice(0, 4).map(short).join("; ")}`);
}

function readCommand() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      set: { type: "string", default: "" },
      read: { type: "string" },
      totals: { type: "boolean", default: false },
    },
  });
  const [folder] = positionals;
  if (folder !== undefined && existsSync(folder)) return { folder, ...values };
  process.stderr.write(`usage: node ${process.argv[1]} FOLDER [--only TEXT] [--set TEXT] [--read TEXT] [--totals]\nFOLDER holds <owner>+<name>/repo, bare git repositories\n`);
  return process.exit(2);
}

const setOf = ({ unseen }) => unseen ?? "seen";

/**
 * @param {{ pairs: URL, audit: (files: object[]) => Promise<{ hazards: object[] }>, isSource: (path: string) => boolean }} corpus
 */
export async function judgeCommits({ pairs, audit, isSource }) {
  const { folder, only, set, read, totals } = readCommand();
  const mayShow = ({ unseen }) => !totals && (unseen === undefined || (read !== undefined && unseen.includes(read)));
  const audited = new Map();
  const judged = new Map();
  for (const pair of JSON.parse(readFileSync(pairs, "utf8")).filter((each) => each.name.includes(only) && setOf(each).includes(set))) {
    const repository = join(folder, pair.repository.replace("/", "+"), "repo");
    if (!existsSync(repository)) continue;
    const folders = pair.folders ?? ["."];
    const findingsAt = async (commit) => {
      const key = [repository, ...folders, commit].join(" ");
      if (!audited.has(key)) audited.set(key, (await audit(filesAt(repository, folders, commit, isSource))).hazards.map(flat));
      return audited.get(key);
    };
    const judgment = judgePair(pair, await findingsAt(pair.before.commit), await findingsAt(pair.after.commit));
    judged.set(setOf(pair), [...(judged.get(setOf(pair)) ?? []), judgment]);
    if (mayShow(pair)) show(pair.name, judgment);
  }
  for (const [name, judgments] of judged) {
    const { pairs: count, found, ok } = countVerdicts(judgments);
    print(`${name}: found before ${found}/${count}, of these silent after ${ok}/${found}`);
  }
}
