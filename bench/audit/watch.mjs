// How long `raceproof audit --watch` takes to say what an edit did: from writing the file to the line that counts, as people see it, next to
// what it says itself, a first audit, one in a new process after the same kind of edit, and one in a new process that finds what the watching
// one has stored. Needs a build (npm run build).
// Usage: node bench/audit/watch.mjs [--python PATH] [--edits N] [--json]
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inRepository } from "../../scripts/repository.mjs";

const { values: options } = parseArgs({
  options: { python: { type: "string", default: "python3" }, edits: { type: "string", default: "12" }, json: { type: "boolean", default: false } },
});
const program = inRepository("packages", "raceproof", "bin", "raceproof.js");
const scratch = mkdtempSync(join(tmpdir(), "raceproof-bench-"));
const subject = join(scratch, "subject");
const settings = { env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache") } };

/** What people do: a statement that touches nothing, a lock around a change, a new racy method, a comment, each in modules that few or many import. */
const edits = [
  ["textwrap.py", "\nedited = True\n"],
  ["queue.py", "\nclass Tally:\n    def __init__(self):\n        self.count = 0\n    def add(self):\n        self.count += 1\n"],
  ["threading.py", "\n# a remark\n"],
  ["collections/__init__.py", "\n_seen = {}\ndef seen(key):\n    if key not in _seen:\n        _seen[key] = 1\n"],
];

const seconds = (since) => (performance.now() - since) / 1000;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
/** Processor time of a process so far, user and system together. */
const processorSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

function copyStandardLibrary() {
  const place = spawnSync(options.python, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], { encoding: "utf8" }).stdout.trim();
  cpSync(place, subject, { recursive: true, filter: (path) => !/(site-packages|__pycache__|[/]tests?|idle_test)$/.test(path) });
}

function timeNewProcess() {
  const since = performance.now();
  const done = spawnSync(process.execPath, [program, "audit", subject, "--quiet"], { ...settings, stdio: "ignore" });
  if (done.status !== 0 && done.status !== 1 && done.status !== 3) throw new Error(`the audit ended with code ${done.status}`);
  return seconds(since);
}

async function timeWatching() {
  const child = spawn(process.execPath, [program, "audit", subject, "--quiet", "--watch"], settings);
  let text = "";
  let wake = () => undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => ((text += chunk), wake()));
  const shown = async (pattern) => {
    while (!pattern.test(text)) await new Promise((resolve) => (wake = resolve));
    return pattern.exec(text);
  };
  const since = performance.now();
  await shown(/watching for changes/);
  const first = seconds(since);
  const rounds = [];
  for (let number = 0; number < Number(options.edits); number++) {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    text = "";
    const [file, addition] = edits[number % edits.length];
    const used = processorSeconds(child.pid);
    const edited = performance.now();
    appendFileSync(join(subject, file), addition.replaceAll(/\b(edited|Tally|seen|_seen)\b/g, `$1${number}`));
    const [, said] = await shown(/remaining \((\d+\.\d+) s\)/);
    rounds.push({ file, seen: seconds(edited), said: Number(said), processor: processorSeconds(child.pid) - used });
  }
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const beside = timeNewProcess();
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
  child.kill("SIGINT");
  await new Promise((resolve) => child.on("close", resolve));
  return { first, rounds, beside, megabytes: Number(kilobytes) / 1000 };
}

try {
  copyStandardLibrary();
  const { first, rounds, beside, megabytes } = await timeWatching();
  appendFileSync(join(subject, "textwrap.py"), "\nedited = True\n");
  const newProcess = timeNewProcess();
  const seen = median(rounds.map((round) => round.seen));
  if (options.json) process.stdout.write(`${JSON.stringify({ first, rounds, beside, newProcess, megabytes }, undefined, 2)}\n`);
  else {
    const each = rounds.map(
      (round) => `${round.file.padEnd(26)}${round.seen.toFixed(2).padStart(8)}${round.said.toFixed(2).padStart(8)}${round.processor.toFixed(2).padStart(8)}`,
    );
    process.stdout.write(
      [
        `first audit, nothing stored: ${first.toFixed(2)} s; new process after one edit: ${newProcess.toFixed(2)} s, beside the watching one: ${beside.toFixed(2)} s; peak ${Math.round(megabytes)} MB`,
        `${"edited while watching".padEnd(26)}${"seen".padStart(8)}${"said".padStart(8)}${"cpu".padStart(8)}`,
        ...each,
        `median ${seen.toFixed(2)} s: ${(first / seen).toFixed(1)}x faster than the first audit, ${(newProcess / seen).toFixed(1)}x faster than a new process`,
        "",
      ].join("\n"),
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
