// The built command line in a project that keeps settings, comments, a baseline and reviews: exit codes and what is told.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { settingTable } from "../config/setting-table.ts";

const program = fileURLToPath(new URL("../../bin/raceproof.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "raceproof-living-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function raceproof(cwd: string, ...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args, "--quiet"], { cwd, env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache") } });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

let projects = 0;

function project(files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, `project${++projects}`);
  write(folder, { ".git/HEAD": "", ...files });
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const racy = "class Counter:\n    def __init__(self):\n        self.value = 0\n\n    def add(self):\n        self.value += 1\n";
const guarded =
  "import threading\n\n\nclass Counter:\n    def __init__(self):\n        self.lock = threading.Lock()\n        self.value = 0\n\n    def add(self):\n        with self.lock:\n            self.value += 1\n";

describe("settings and comments", () => {
  it("silence what they name, list it, and leave the exit code clean", async () => {
    const folder = project({ "counter.py": racy, "pyproject.toml": '[tool.raceproof.per-file-ignores]\n"counter.py" = ["all"]\n' });
    const ignored = await raceproof(folder, "audit", ".");
    expect(ignored.code).toBe(0);
    expect(ignored.out).toContain('by configuration at pyproject.toml:2: per-file-ignores "counter.py"');
    expect((await raceproof(folder, "audit", ".", "--no-config")).code).toBe(1);
    write(folder, { "counter.py": racy.replace("+= 1", "+= 1  # raceproof: allow[non-atomic-update] a statistic") });
    const allowed = await raceproof(folder, "audit", ".", "--no-config", "--output-format", "json");
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.out)).toMatchObject({
      findings: [],
      suppressed: [{ line: 6, suppression: { by: "comment", reason: "a statistic", file: "counter.py", line: 6 } }],
    });
  });

  it("choose thresholds that options overrule", async () => {
    const folder = project({ "counter.py": racy, "raceproof.toml": 'fail-on = "high"\n' });
    expect((await raceproof(folder, "audit", ".")).code).toBe(0);
    expect((await raceproof(folder, "audit", ".", "--fail-on", "medium")).code).toBe(1);
  });

  it("teach the facts names of locks", async () => {
    const gated = guarded.replaceAll("self.lock", "self.gate").replace("threading.Lock()", "make_gate()");
    const folder = project({ "counter.py": gated });
    expect((await raceproof(folder, "audit", ".")).code).toBe(1);
    write(folder, { "raceproof.toml": 'lock-names = ["gate"]\n' });
    expect((await raceproof(folder, "audit", ".")).code).toBe(0);
  });

  it("that are wrong end with one line and exit code 2, before anything is fetched", async () => {
    const folder = project({ "counter.py": racy, "raceproof.toml": 'ignroe = ["all"]\n' });
    const run = await raceproof(folder, "audit", ".");
    expect([run.code, run.out]).toEqual([2, ""]);
    expect(run.err).toBe('raceproof: raceproof.toml:1: ignroe: there is no setting "ignroe". Did you mean ignore?\n');
    expect((await raceproof(folder, "audit", "no-such-package-at-all", "--rule", "chek-then-act")).err).toContain("Did you mean python/check-then-act?");
  });

  it("are all documented", () => {
    const text = readFileSync(fileURLToPath(new URL("../../../../docs/configuration.md", import.meta.url)), "utf8");
    expect(settingTable.filter(({ name }) => !text.includes(`## ${name}\n`))).toEqual([]);
  });
});

describe("a baseline", () => {
  it("is written, silences what it lists, and tells what is new and what is stale", async () => {
    const folder = project({ "counter.py": racy });
    const written = await raceproof(folder, "audit", ".", "--write-baseline", "known.json");
    expect([written.code, written.err]).toEqual([0, "baseline of 1 hazards written to known.json\n"]);
    expect((await raceproof(folder, "audit", ".", "--baseline", "known.json")).code).toBe(0);
    write(folder, { "counter.py": `# moved\n\n${racy}\n    def subtract(self):\n        self.value -= 1\n` });
    const grown = await raceproof(folder, "audit", ".", "--baseline", "known.json", "--output-format", "sarif");
    expect(grown.code).toBe(1);
    const { results } = (JSON.parse(grown.out) as { runs: { results: { baselineState: string }[] }[] }).runs[0] ?? { results: [] };
    expect(results.map(({ baselineState }) => baselineState)).toEqual(["new", "unchanged"]);
    write(folder, { "counter.py": guarded });
    const fixed = await raceproof(folder, "audit", ".", "--baseline", "known.json");
    expect(fixed.code).toBe(0);
    expect(fixed.out).toContain("stale baseline entry: python/non-atomic-update Counter.value in Counter.add of counter.py");
    expect((await raceproof(folder, "audit", ".", "--baseline", "known.json", "--fail-on-stale-baseline")).code).toBe(1);
  });

  it("that cannot be read is told in one line", async () => {
    const folder = project({ "counter.py": racy, "bad.json": "{}" });
    for (const file of ["none.json", "bad.json"]) {
      const run = await raceproof(folder, "audit", ".", "--baseline", file);
      expect(run.code).toBe(2);
      expect(run.err.trim().split("\n")).toHaveLength(1);
      expect(run.err).toContain(file);
    }
  });
});

describe("a review", () => {
  const git = (folder: string, ...args: readonly string[]): void => {
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.invalid", ...args], { cwd: folder, stdio: "ignore" });
  };

  /** A repository whose first commit is guarded and whose second is racy, in a renamed file. */
  function repository(): string {
    const folder = join(scratch, `repository${++projects}`);
    write(folder, { "pkg/__init__.py": "", "pkg/counter.py": guarded });
    git(folder, "init", "-q");
    git(folder, "add", ".");
    git(folder, "commit", "-qm", "guarded");
    git(folder, "mv", "pkg/counter.py", "pkg/counting.py");
    write(folder, { "pkg/counting.py": racy });
    git(folder, "add", ".");
    git(folder, "commit", "-qm", "racy");
    return folder;
  }

  it("tells new from fixed, in both directions, for a folder too, and exits accordingly", async () => {
    const folder = repository();
    const worse = await raceproof(folder, "review", "HEAD~1..HEAD");
    expect([worse.code, worse.out.split("\n")[0]]).toEqual([1, expect.stringContaining("1 new, 0 fixed, 0 remaining")]);
    const better = await raceproof(folder, "review", "HEAD..HEAD~1", "pkg", "--output-format", "json");
    expect(better.code).toBe(0);
    expect(JSON.parse(better.out)).toMatchObject({
      schemaVersion: 1,
      subject: "pkg",
      new: [],
      remaining: [],
      fixed: [{ file: "pkg/counting.py", function: "Counter.add" }],
    });
    expect((await raceproof(folder, "review", "HEAD~1...HEAD")).code).toBe(1);
    expect((await raceproof(folder, "review", "nowhere..HEAD")).code).toBe(2);
  });

  it("of a revision is against the working tree, and --since shows what changed there", async () => {
    const folder = repository();
    expect((await raceproof(folder, "review", "HEAD")).out).toContain("0 new, 0 fixed, 1 remaining");
    const quiet = await raceproof(folder, "audit", ".", "--since", "HEAD");
    expect([quiet.code, quiet.out.includes("Counter.add")]).toEqual([0, false]);
    write(folder, { "pkg/counting.py": racy.replace("+= 1", "+= 2") });
    expect((await raceproof(folder, "audit", ".", "--since", "HEAD")).code).toBe(1);
    expect((await raceproof(folder, "audit", "six==1.16.0", "--since", "HEAD")).code).toBe(2);
  });
});

describe("watching", () => {
  it("prints the report, then what each change did, and ends with the last audit's exit code", async () => {
    const folder = project({ "counter.py": racy });
    const child = spawn(process.execPath, [program, "audit", ".", "--watch", "--quiet"], {
      cwd: folder,
      env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache") },
    });
    let text = "";
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const shown = async (words: string): Promise<void> => {
      while (!text.includes(words) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await shown("watching for changes");
    write(folder, { "counter.py": guarded });
    await shown("0 new, 1 fixed, 0 remaining");
    write(folder, { "raceproof.toml": 'ignroe = ["all"]\n' });
    await shown("Did you mean ignore?");
    write(folder, { "raceproof.toml": "", "new.py": racy });
    await shown("new.py changed: 1 new, 0 fixed, 0 remaining");
    child.kill("SIGINT");
    expect(await ended).toBe(1);
    expect(text).toContain("fixed counter.py:6:9: python/non-atomic-update Counter.add");
  });

  it("is refused where nothing can change", async () => {
    const run = await raceproof(scratch, "audit", "six==1.16.0", "--watch");
    expect([run.code, run.err]).toEqual([2, expect.stringContaining("no folder and no .py file")]);
  });
});

describe("an output that cannot be written", () => {
  it.each(["/dev/null/report.txt", "/proc/nowhere/report.txt", "."])("%s is told before the work", async (place) => {
    const run = await raceproof(project({ "counter.py": racy }), "audit", ".", "--output", place);
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/^raceproof: cannot write /);
  });

  it("is made with its folders when it can", async () => {
    const folder = project({ "counter.py": racy });
    await raceproof(folder, "audit", ".", "-o", "a/b/report.txt");
    expect(existsSync(join(folder, "a", "b", "report.txt"))).toBe(true);
  });
});
