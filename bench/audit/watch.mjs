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
/** Processor time of a process so far, user and system together. */
const processorSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

function copyStandardLibrary() {
  const place = spawnSync(options.python, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], { encoding: "utf8" }).stdout.trim();
  cpSync(place, subject, { recursive: true, filter: (path) => !/(site-packages|__pycache__|[/]tests?|idle_test)$/.test(path) });
}

/** Writes the processor seconds of a process to descriptor 3 when it ends. */
const reportProcessor = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1e6)); });',
)}`;

function timeNewProcess() {
  const since = performance.now();
  const done = spawnSync(process.execPath, ["--import", reportProcessor, program, "audit", subject, "--quiet"], {
    ...settings,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  if (done.status !== 0 && done.status !== 1 && done.status !== 3) throw new Error(`the audit ended with code ${done.status}`);
  return { seen: seconds(since), processor: Number(String(done.output[3])) };
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
  const first = { seen: seconds(since), processor: processorSeconds(child.pid) };
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
  const median = (what) => rounds.map((round) => round[what]).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)];
  const edit = { seen: median("seen"), processor: median("processor") };
  const row = (name, { seen, said, processor }) =>
    [name.padEnd(54), seen.toFixed(2), said?.toFixed(2) ?? "", processor.toFixed(2)].map((cell) => cell.padStart(8)).join("");
  const ratio = (other) => `${(other.seen / edit.seen).toFixed(1)}x (processor ${(other.processor / edit.processor).toFixed(1)}x)`;
  const table = [
    `${"seconds".padEnd(54)}    seen    said     cpu; peak ${Math.round(megabytes)} MB`,
    row("first audit, nothing stored", first),
    row("new process after one edit", newProcess),
    row("new process beside the watching one", beside),
    ...rounds.map((round) => row(`watching, after an edit of ${round.file}`, round)),
    row("watching, after an edit, median", edit),
    `faster than the first audit ${ratio(first)}, than a new process ${ratio(newProcess)}`,
  ];
  process.stdout.write(options.json ? `${JSON.stringify({ first, rounds, beside, newProcess, megabytes }, undefined, 2)}\n` : `${table.join("\n")}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
