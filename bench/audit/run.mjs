// How fast the audit is: the standard library of a Python, parsed, turned into facts and searched by the rules, cold and warm,
// next to that Python's own ast.parse over the same bytes in the same run. Needs a build (npm run build).
// Usage: node bench/audit/run.mjs [--python PATH] [--repeats N] [--json]
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
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
  return [
    `${report.python}, Node.js ${report.node}: ${files.length} files, ${lines.toLocaleString("en")} lines, ${report.hazards} hazards; best of ${repeats} but for cold`,
    row("", "seconds", "files/s", "lines/s", "ast.parse"),
    line("ast.parse", python.seconds),
    ...steps.map((step) => line(`${step}, cold`, cold.seconds[step])),
    ...steps.map((step) => line(`${step}, warm`, best[step])),
  ].join("\n");
}

process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : table()}\n`);
