// The built command line as a user calls it: exit codes, one-line errors, clean standard output.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bin/raceproof.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "raceproof-cli-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function raceproof(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: scratch,
      env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache"), ...environment },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

function subject(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const racyCounter = `
class Counter:
    def __init__(self):
        self.value = 0

    def increment(self):
        self.value += 1
        return self.value
`;
const lockedCounter = `
import threading


class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def increment(self):
        with self._lock:
            self.value += 1
            return self.value
`;

describe("audit", () => {
  it("exits with 1 and prints JSON alone on standard output when there are findings", async () => {
    const folder = subject("racy", { "counter.py": racyCounter });
    const run = await raceproof(["audit", folder, "--output-format", "json"]);
    const report = JSON.parse(run.out) as { schemaVersion: number; findings: { file: string; line: number; function: string }[]; coverage: { files: number } };
    expect(run.code).toBe(1);
    expect(report.schemaVersion).toBe(1);
    expect(report.findings).toMatchObject([{ file: "counter.py", line: 7, function: "Counter.increment" }]);
    expect(report.coverage.files).toBe(1);
  });

  it("exits with 0 on guarded code, and when findings are below --fail-on", async () => {
    expect((await raceproof(["audit", subject("locked", { "counter.py": lockedCounter })])).code).toBe(0);
    expect((await raceproof(["audit", subject("racy", { "counter.py": racyCounter }), "--fail-on", "never"])).code).toBe(0);
  });

  it("reports a file that does not parse, goes on, and exits with 3 when nothing else was found", async () => {
    const broken = { "broken.py": "def f(:\n    pass\n", "fine.py": "def g():\n    return 1\n" };
    const run = await raceproof(["audit", subject("broken", broken), "--output-format", "json"]);
    const report = JSON.parse(run.out) as { coverage: { files: number; filesWithErrors: number }; notifications: { file?: string; line?: number }[] };
    expect(run.code).toBe(3);
    expect(report.coverage).toMatchObject({ files: 2, filesWithErrors: 1 });
    expect(report.notifications).toMatchObject([{ file: "broken.py", line: 1 }]);
    const brief = await raceproof(["audit", subject("broken", broken), "--output-format", "concise"]);
    expect(brief).toMatchObject({ code: 3, out: "", err: expect.stringMatching(/^warning: broken\.py:1: does not parse completely[^\n]*\n$/) as string });
  });
});

describe("errors a user can solve are one line on standard error and exit code 2", () => {
  const noIndex = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: join(scratch, "nothing-here"), PIP_CONFIG_FILE: "/dev/null" };
  const unreachable = { PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_CONFIG_FILE: "/dev/null", PIP_FIND_LINKS: "", PIP_RETRIES: "0", PIP_TIMEOUT: "2" };

  it.each<[string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    ["unknown package", ["audit", "no-such-package-anywhere-at-all"], noIndex, /no-such-package-anywhere-at-all/],
    ["no network", ["audit", "six==1.16.0"], unreachable, /cannot reach|connect|network|index/i],
    ["missing folder", ["audit", "./nowhere"], {}, /nowhere/],
    ["unknown rule", ["audit", ".", "--rule", "python/no-such-rule"], {}, /no-such-rule/],
    ["unknown option", ["audit", ".", "--no-such-option"], {}, /no-such-option/],
    ["unknown interpreter", ["hunt", "racy", "--python", "9.99"], {}, /9\.99/],
    ["missing driver", ["confirm", "racy", "--driver", "missing_driver.py"], {}, /missing_driver\.py/],
    ["bad driver", ["confirm", "racy", "--driver", "bad_driver.py"], {}, /operation/],
    ["unknown hazard", ["confirm", "racy", "--hazard", "python/x:00000000"], {}, /python\/x:00000000/],
    ["bad witness", ["replay", "rp1.garbage"], {}, /witness/],
    ["unknown rule to explain", ["explain", "no-such-rule"], {}, /no-such-rule/],
  ])("%s", async (_, args, environment, expected) => {
    subject("racy", { "counter.py": racyCounter });
    subject(".", { "bad_driver.py": "def setup():\n    return None\n" });
    const run = await raceproof([...args, ...(args[0] === "audit" || args[0] === "confirm" || args[0] === "hunt" ? ["--quiet"] : [])], environment);
    expect(run.err).toMatch(expected);
    expect(run.err.trim().split("\n")).toHaveLength(1);
    expect(run.err).not.toContain("internal error");
    expect(run.code).toBe(2);
    expect(run.out).toBe("");
  });
});

describe("confirm with a hand-written driver", () => {
  const operations = (module: string): string => `
import ${module}


def setup():
    return ${module}.Counter()


def operation_a(counter):
    return counter.increment()


def operation_b(counter):
    return counter.increment()
`;

  it.each([
    ["racy", racyCounter, "confirmed", 1],
    ["locked", lockedCounter, "clean-within-bound", 0],
    ["exits", `${lockedCounter}\nimport os\n\n\nclass Counter:\n    def increment(self):\n        os._exit(3)\n`, "inconclusive", 3],
  ])("judges it even where the audit sees nothing: %s", async (name, source, verdict, code) => {
    const folder = subject(name, { "counter.py": source });
    subject(".", { "driver.py": operations("counter") });
    const run = await raceproof(["confirm", folder, "--driver", "driver.py", "--output-format", "json", "--quiet"]);
    expect(JSON.parse(run.out)).toMatchObject({ drivers: [{ verdict: expect.stringMatching(code === 3 ? /inconclusive|unproven/ : verdict) as string }] });
    expect(run.code).toBe(code);
  });
});

describe("hunt", () => {
  it("proves a race, writes the report folder, and its witness replays every time", async () => {
    const folder = subject("racy", { "counter.py": racyCounter });
    const report = join(scratch, "report");
    const run = await raceproof(["hunt", folder, "--report-folder", report, "--no-replay-elsewhere", "--output-format", "json", "--quiet"]);
    expect(run.code).toBe(1);
    const found = JSON.parse(run.out) as { findings: { verdict: string; witness: string }[] };
    expect(found.findings.map((finding) => finding.verdict)).toEqual(["confirmed"]);
    const replayed = await raceproof(["replay", found.findings[0]?.witness ?? "", "--times", "200", "--hash-seed", "7", "--output-format", "json", "--quiet"]);
    expect(JSON.parse(replayed.out)).toMatchObject({ verdict: "reproduced", reproduced: 200, times: 200 });
    expect(replayed.code).toBe(1);
  });

  it("shows what it confirms although it is below the shown confidence", async () => {
    const folder = subject("racy", { "counter.py": racyCounter });
    const options = ["--confidence", "high", "--fail-on", "never", "--no-replay-elsewhere", "--output-format", "json", "--quiet"];
    const run = await raceproof(["hunt", folder, "--report-folder", join(scratch, "hidden"), ...options]);
    expect(JSON.parse(run.out)).toMatchObject({ findings: [{ verdict: "confirmed", confidence: "medium" }], hidden: 0 });
  });

  it("gives exit code 0 and no witness for a package without hazards", async () => {
    const run = await raceproof([
      "hunt",
      subject("locked", { "counter.py": lockedCounter }),
      "--output-format",
      "json",
      "--report-folder",
      join(scratch, "safe"),
    ]);
    expect(JSON.parse(run.out)).toMatchObject({ findings: [] });
    expect(run.code).toBe(0);
  });
});

describe("help", () => {
  it.each(["hunt", "audit", "confirm", "replay", "explain", "runtimes"])("%s has an example", async (command) => {
    const run = await raceproof([command, "--help"]);
    expect(run.out).toContain(`raceproof ${command}`);
    expect(run.out).toContain("Example:");
    expect(run.code).toBe(0);
  });
});
