// The audit next to other static checkers, on the same files, in one run: whole commands, cold, start-up included. Rounds go around
// all tools, so that load hits all alike. The others are installed into a virtual environment of the cache folder, from requirements.txt.
// Usage: node bench/peers/run.mjs [--rounds N] [--python PATH of a CPython 3.12+] [--json] [SUBJECT ...]   (default: pyfakefs, then the standard library)
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, python: { type: "string", default: "python3" }, json: { type: "boolean", default: false } },
});
const rounds = Number(options.rounds);
const millisecondsAllowed = 600_000;
const here = (file) => inRepository("bench", "peers", file);

if (!existsSync(join(builtPackage, "index.js"))) throw new Error("not built yet: npm run build");

function run(command, parameters, cwd) {
  return spawnSync(command, parameters, { cwd, encoding: "utf8", maxBuffer: 1 << 30, timeout: millisecondsAllowed });
}

function mustRun(command, parameters) {
  const done = run(command, parameters);
  if (done.status !== 0) throw new Error(`${command} ${parameters.join(" ")}: ${done.error?.message ?? done.stderr}`);
  return done.stdout;
}

function provideTools() {
  const cache = process.env.RACEPROOF_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "raceproof");
  const folder = join(cache, "bench-peers");
  mkdirSync(cache, { recursive: true });
  if (!existsSync(join(folder, "bin", "python3"))) mustRun(options.python, ["-m", "venv", folder]);
  mustRun(join(folder, "bin", "python3"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", here("requirements.txt")]);
  return (name) => join(folder, "bin", name);
}

/** Copies: the same files for every tool, whatever it would leave out or read beside them. */
function provideSubjects(tool, scratch) {
  const standardLibrary = mustRun(tool("python3"), ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]).trim();
  const skipped = new Set(["site-packages", "dist-packages", "__pycache__", "test", "tests", "idle_test"]);
  const isWanted = (root) => (path) =>
    !relative(root, path)
      .split(sep)
      .some((part) => skipped.has(part) || /\.(so|a|exe|whl)$/.test(part));
  const given = positionals.length > 0 ? positionals : ["pyfakefs==6.2.0"];
  const subjects = given.map((subject, index) => {
    const folder = join(scratch, String(index), basename(subject).split("==")[0]);
    if (existsSync(subject)) cpSync(subject, folder, { recursive: true, filter: isWanted(subject) });
    else mustRun(tool("python3"), ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", folder, subject]);
    return { name: subject, folder };
  });
  if (positionals.length > 0) return subjects;
  const folder = join(scratch, "lib", "stdlib");
  cpSync(standardLibrary, folder, { recursive: true, filter: isWanted(standardLibrary) });
  return [...subjects, { name: "standard library", folder }];
}

/** Rules that do comparable work where a tool can be told; everything where it cannot. */
const threadRulesOfPylint =
  "useless-with-lock,bad-thread-instantiation,global-statement,subprocess-popen-preexec-fn,modified-iterating-dict,modified-iterating-list,modified-iterating-set,consider-using-with";
const threadRulesOfRuff = "PLW0603,PLW1509,PLW2101,PLE4703,B006,B909,RUF012,ASYNC";

function commandsOf(tool, scratch) {
  const launcher = inRepository("packages", "raceproof", "bin", "raceproof.js");
  return [
    [
      "raceproof",
      (folder, round) => [
        process.execPath,
        [launcher, "audit", folder, "--output-format", "json", "--quiet", "--fail-on", "never", "--cache", join(scratch, `cache-${round}`)],
      ],
    ],
    [
      "ruff",
      (folder) => [
        tool("ruff"),
        ["check", "--isolated", "--no-cache", "--preview", "--select", threadRulesOfRuff, "--output-format", "json", "--exit-zero", folder],
      ],
    ],
    ["bandit", (folder) => [tool("bandit"), ["-r", "-q", "-f", "json", "--exit-zero", folder]]],
    ["threadcheck", (folder) => [tool("threadcheck"), ["scan", "--json", folder]]],
    [
      "semgrep",
      (folder) => [
        tool("semgrep"),
        [
          "scan",
          "--config",
          here("semgrep-rules.yml"),
          "--metrics",
          "off",
          "--disable-version-check",
          "--no-git-ignore",
          "--quiet",
          "--json",
          "-j",
          "2",
          folder,
        ],
      ],
    ],
    [
      "pylint",
      (folder) => [
        tool("pylint"),
        ["--disable=all", `--enable=${threadRulesOfPylint}`, "--recursive=y", "--output-format=json", "-j", "2", "--rcfile=/dev/null", folder],
      ],
    ],
    ["bare parsing", (folder) => [process.execPath, [here("bare-parse.mjs"), folder]]],
    [
      "ast.parse",
      (folder) => [
        tool("python3"),
        [
          "-c",
          "import ast,pathlib,sys\nfor p in pathlib.Path(sys.argv[1]).rglob('*.py'):\n    try: ast.parse(p.read_bytes())\n    except (SyntaxError, ValueError): pass",
          folder,
        ],
      ],
    ],
  ];
}

/** How many findings a tool prints; undefined for what prints none. */
function countFindings(stdout) {
  try {
    // One tool prints a line for people first.
    const printed = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)));
    const list = Array.isArray(printed) ? printed : (printed.findings ?? printed.results ?? printed.issues ?? printed.warnings);
    return list?.length;
  } catch {
    return undefined;
  }
}

function measure(subject, commands) {
  const rows = commands.map(([name, commandFor]) => ({ name, commandFor, seconds: [], findings: undefined, note: "" }));
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      if (row.note !== "") continue;
      const [command, parameters] = row.commandFor(subject.folder, `${basename(subject.folder)}-${round}`);
      const since = performance.now();
      const done = run(command, parameters, tmpdir());
      row.seconds.push((performance.now() - since) / 1000);
      if (done.error?.code === "ETIMEDOUT") row.note = "stopped";
      else if (done.error || done.status > 32 || done.status === null) row.note = `failed: ${done.error?.message ?? done.stderr.slice(-200)}`;
      row.findings = countFindings(done.stdout);
    }
  }
  return rows.map(({ name, seconds, findings, note }) => ({
    name,
    seconds: seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)],
    findings,
    note,
  }));
}

function table({ name, files, rows }) {
  const own = rows[0].seconds;
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${row.note === "stopped" ? "> " : ""}${row.seconds.toFixed(2)} | ${(row.seconds / own).toFixed(2)} | ${row.findings ?? ""} | ${row.note} |`,
  );
  return [`### ${name}: ${files} files, median of ${rounds}`, "", "| tool | seconds | times raceproof | findings | |", "|---|---|---|---|---|", ...lines].join(
    "\n",
  );
}

const scratch = mkdtempSync(join(tmpdir(), "raceproof-peers-"));
try {
  const tool = provideTools();
  const commands = commandsOf(tool, scratch);
  const results = provideSubjects(tool, scratch).map((subject) => ({
    name: subject.name,
    files: readdirSync(subject.folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".py")).length,
    rows: measure(subject, commands),
  }));
  process.stdout.write(`${options.json ? JSON.stringify(results, undefined, 2) : results.map(table).join("\n\n")}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
