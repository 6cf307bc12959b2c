// How fast the audit is: the standard library of a Python, parsed, turned into facts and searched by the rules, cold and warm,
// next to that Python's own ast.parse over the same bytes in the same run; then the command line in fresh processes: with an empty
// cache, again, and after one edited file; and the analysis alone with one thread and with two. Needs a build (npm run build).
// Usage: node bench/audit/run.mjs [--python PATH] [--repeats N] [--json]
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { inRepository } from "../../scripts/repository.mjs";

const { values: options } = parseArgs({
  options: { python: { type: "string", default: "python3" }, repeats: { type: "string", default: "5" }, json: { type: "boolean", default: false } },
});
const repeats = Number(options.repeats);
const built = (path) => inRepository("packages", "raceproof", "dist", ...path.split("/"));

/** Times ast.parse over the files named on standard input, and says which of them it refuses. */
const reference = `
import ast, json, platform, sys, time
paths, repeats = json.load(sys.stdin)
sources, refused = [], []
for path in paths:
    with open(path, "rb") as file:
        source = file.read()
    try:
        ast.parse(source)
        sources.append(source)
    except (SyntaxError, ValueError):
        refused.append(path)
best = float("inf")
for _ in range(repeats):
    start = time.perf_counter()
    for source in sources:
        ast.parse(source)
    best = min(best, time.perf_counter() - start)
json.dump({"seconds": best, "refused": refused, "python": platform.python_implementation() + " " + platform.python_version()}, sys.stdout)
`;

function runPython(code, input) {
  const done = spawnSync(options.python, ["-c", code], { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(done.error?.message ?? done.stderr);
  return done.stdout;
}

function listModules(root) {
  const skipped = new Set(["site-packages", "dist-packages", "__pycache__", "test", "tests", "idle_test"]);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py") && !path.split(sep).some((part) => skipped.has(part)))
    .toSorted()
    .map((path) => join(root, path));
}

const standardLibrary = runPython("import sysconfig; print(sysconfig.get_path('stdlib'))").trim();
const candidates = listModules(standardLibrary);
const python = JSON.parse(runPython(reference, JSON.stringify([candidates, repeats])));
const paths = candidates.filter((path) => !python.refused.includes(path));
const files = paths.map((path) => ({ path: relative(standardLibrary, path).replaceAll(sep, "/"), bytes: readFileSync(path) }));

const start = performance.now();
const [{ createNameTable, parsePython }, { extractProgram }, { rules }] = await Promise.all([
  import(built("sources/index.js")),
  import(built("facts/index.js")),
  import(built("rules/index.js")),
]);
const loading = (performance.now() - start) / 1000;

/** One audit, step by step: seconds of each. */
function auditOnce() {
  const seconds = {};
  const timed = (name, work) => {
    const since = performance.now();
    const result = work();
    seconds[name] = (performance.now() - since) / 1000;
    return result;
  };
  const names = createNameTable();
  const parsed = timed("parse", () => files.map(({ path, bytes }) => ({ path, modulePath: path, tree: parsePython(bytes, names) })));
  const { program, counts } = timed("facts", () => extractProgram(parsed));
  const hazards = timed("rules", () => rules.flatMap((rule) => rule.find(program)));
  const total = seconds.parse + seconds.facts + seconds.rules;
  const lines = parsed.reduce((sum, { tree }) => sum + tree.lineStarts.length, 0);
  return { seconds: { ...seconds, total }, lines, hazards: hazards.length, counts };
}

const cold = auditOnce();
const warm = Array.from({ length: repeats }, auditOnce);
const steps = ["parse", "facts", "rules", "total"];
const best = Object.fromEntries(steps.map((step) => [step, Math.min(...warm.map(({ seconds }) => seconds[step]))]));
const { lines } = cold;

/** Writes the peak memory of the main process to descriptor 3 when it ends. */
const reportMemory = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; import { isMainThread } from "node:worker_threads"; if (isMainThread) process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));',
)}`;

/** A fresh process: seconds from start to end, and its peak memory. */
function timeProcess(args, environment = {}) {
  const since = performance.now();
  const done = spawnSync(process.execPath, ["--import", reportMemory, ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  if (done.status !== 0 && done.status !== 1) throw new Error(done.error?.message ?? String(done.stderr));
  return { seconds: (performance.now() - since) / 1000, megabytes: Number(String(done.output[3])) / 1000 };
}

/** The command line over a copy of the files: cold, again, and after an edit. */
function timeCommandLine() {
  const scratch = mkdtempSync(join(tmpdir(), "raceproof-bench-"));
  try {
    const subject = join(scratch, "subject");
    for (const { path } of files) cpSync(join(standardLibrary, path), join(subject, path));
    const audit = () =>
      timeProcess([inRepository("packages", "raceproof", "bin", "raceproof.js"), "audit", subject, "--quiet"], { RACEPROOF_CACHE: join(scratch, "cache") });
    const first = audit();
    const again = audit();
    appendFileSync(join(subject, "textwrap.py"), "\nedited = True\n");
    return { cold: first, again, edited: audit() };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The analysis in a process of its own with so many threads. */
function timeThreads(threads) {
  const program = `
    import { readFileSync } from "node:fs";
    import { auditFiles } from ${JSON.stringify(new URL(`file://${built("audit.js")}`).href)};
    const paths = JSON.parse(process.env.BENCH_FILES);
    await auditFiles(paths.map((path) => ({ path, bytes: readFileSync(process.env.BENCH_ROOT + "/" + path) })), { threads: ${threads} });`;
  return timeProcess(["--input-type=module", "--eval", program], { BENCH_ROOT: standardLibrary, BENCH_FILES: JSON.stringify(files.map(({ path }) => path)) });
}

const commandLine = timeCommandLine();
const threads = { 1: timeThreads(1), 2: timeThreads(2) };

const report = {
  python: python.python,
  node: process.version,
  files: files.length,
  lines,
  bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
  hazards: cold.hazards,
  repeats,
  secondsToLoad: loading,
  cold: cold.seconds,
  warm: best,
  astParse: python.seconds,
  commandLine,
  threads,
  coverage: cold.counts,
};

function table() {
  const row = (...cells) => cells.map((cell, index) => (index === 0 ? cell.padEnd(22) : cell.padStart(12))).join("");
  const line = (name, seconds) =>
    row(
      name,
      seconds.toFixed(3),
      Math.round(files.length / seconds).toLocaleString("en"),
      Math.round(lines / seconds).toLocaleString("en"),
      `${(seconds / python.seconds).toFixed(2)}x`,
    );
  const fresh = (name, { seconds, megabytes }) => `${line(name, seconds)}${`${Math.round(megabytes)} MB`.padStart(12)}`;
  return [
    `${report.python}, Node.js ${report.node}: ${files.length} files, ${lines.toLocaleString("en")} lines, ${report.hazards} hazards; best of ${repeats} but for cold`,
    row("", "seconds", "files/s", "lines/s", "ast.parse", "peak"),
    line("ast.parse", python.seconds),
    ...steps.map((step) => line(`${step}, cold`, cold.seconds[step])),
    ...steps.map((step) => line(`${step}, warm`, best[step])),
    fresh("command line, cold", commandLine.cold),
    fresh("  again", commandLine.again),
    fresh("  after one edit", commandLine.edited),
    fresh("1 thread, no cache", threads[1]),
    fresh("2 threads, no cache", threads[2]),
    `parsing alone is ${(best.parse / python.seconds).toFixed(2)}x ast.parse; a cold audit ${(commandLine.cold.seconds / best.parse).toFixed(1)}x parsing alone`,
  ].join("\n");
}

process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : table()}\n`);
