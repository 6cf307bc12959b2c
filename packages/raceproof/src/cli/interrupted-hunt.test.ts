// The built command line under interruptions: Ctrl-C once and twice, kill -9, a killed agent, a full disk. What was proven stays, agents go.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bin/raceproof.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "raceproof-interrupted-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const COUNTERS = 4;
const subject = join(scratch, "counters");
mkdirSync(subject);
const method = (name: string): string => `    def ${name}(self):\n        self.${name}_total += 1\n        return self.${name}_total\n`;
const names = Array.from({ length: COUNTERS }, (_, index) => `count_${index}`);
const fields = names.map((name) => `        self.${name}_total = 0\n`).join("");
writeFileSync(join(subject, "counters.py"), `class Counters:\n    def __init__(self):\n${fields}\n${names.map(method).join("\n")}`);

interface Hunt {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Temporary folder of the program and of its agents. */
  readonly temporary: string;
  readonly err: () => string;
  readonly code: Promise<number | null>;
}

function hunt(name: string, { options = [], limit = "" }: { options?: readonly string[]; limit?: string } = {}): Hunt {
  const folder = join(scratch, `report-${name}`);
  const temporary = mkdtempSync(join(scratch, "tmp-"));
  const args = [
    program,
    "hunt",
    subject,
    "--report-folder",
    folder,
    "--workers",
    "1",
    "--confidence",
    "low",
    "--no-replay-elsewhere",
    "--progress",
    "--output-format",
    "json",
    ...options,
  ];
  const child = spawn("bash", ["-c", `${limit} exec "$0" "$@"`, process.execPath, ...args], {
    env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache"), TMPDIR: temporary },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return { child, folder, temporary, err: () => err, code: new Promise((resolve) => child.on("close", (code) => resolve(code))) };
}

/** Verdicts in the journal. */
function kept({ folder }: Pick<Hunt, "folder">): number {
  const file = join(folder, "results.journal");
  return existsSync(file) ? Math.max(0, readFileSync(file, "utf8").trim().split("\n").length - 1) : 0;
}

async function until(run: Hunt, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (run.child.exitCode !== null) throw new Error(`it ended before: ${run.err()}`);
    await sleep(20);
  }
}

/** Living processes with an agent's folder below this one as their home. */
function agentsOf({ temporary }: Hunt): number[] {
  return readdirSync("/proc")
    .filter((id) => /^\d+$/.test(id))
    .map(Number)
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/environ`, "latin1").includes(`HOME=${temporary}`);
      } catch {
        return false;
      }
    });
}

interface Finding {
  readonly id: string;
  readonly verdict: string;
  readonly reason: string;
  readonly witness?: string;
}

function reportIn({ folder }: Hunt): { readonly findings: readonly Finding[]; readonly said: string } {
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as { findings: Finding[]; notifications: { message: string }[] };
  return { findings: report.findings, said: report.notifications.map(({ message }) => message).join("\n") };
}

describe.skipIf(process.platform !== "linux")("an interrupted hunt", () => {
  it("reports at Ctrl-C what was found, and is resumed", async () => {
    const first = hunt("once");
    await until(first, () => kept(first) >= 1);
    first.child.kill("SIGINT");
    expect(await first.code).toBe(130);
    expect(agentsOf(first)).toEqual([]);
    const stopped = reportIn(first);
    const confirmed = stopped.findings.filter(({ verdict }) => verdict === "confirmed");
    expect(confirmed.length).toBeGreaterThanOrEqual(1);
    expect(stopped.said).toMatch(/interrupted: \d of 4 hazards were not explored to the end/);
    expect(stopped.findings.filter(({ reason }) => reason === "not explored: interrupted").length).toBeGreaterThanOrEqual(1);
    const second = hunt("once", { options: ["--resume"] });
    expect(await second.code).toBe(1);
    const { findings, said } = reportIn(second);
    expect(said).toMatch(/resumed: \d results/);
    expect(findings.map(({ verdict }) => verdict)).toEqual(names.map(() => "confirmed"));
    for (const { id, witness } of confirmed) expect(findings.find((finding) => finding.id === id)?.witness).toBe(witness);
  }, 300_000);

  it("keeps at kill -9 what was proven, and no agent survives", async () => {
    const first = hunt("killed");
    await until(first, () => kept(first) >= 2);
    first.child.kill("SIGKILL");
    await first.code;
    const known = kept(first);
    while (agentsOf(first).length > 0) await sleep(20);
    const second = hunt("killed", { options: ["--resume"] });
    expect(await second.code).toBe(1);
    expect(reportIn(second).said).toContain(`resumed: ${known} results`);
    expect(reportIn(second).findings.every(({ verdict }) => verdict === "confirmed")).toBe(true);
    const other = hunt("killed", { options: ["--resume", "--bound", "1"] });
    expect(await other.code).toBe(2);
    expect(other.err()).toMatch(/are of another run: different options\. Run without --resume/);
  }, 300_000);

  it("ends at once when nothing is explored yet, and at the second Ctrl-C", async () => {
    const early = hunt("early");
    await until(early, () => early.err().includes("auditing"));
    early.child.kill("SIGINT");
    expect(await early.code).toBe(130);
    expect(existsSync(join(early.folder, "report.json"))).toBe(false);
    const twice = hunt("twice");
    await until(twice, () => kept(twice) >= 1);
    twice.child.kill("SIGINT");
    await until(twice, () => twice.err().includes("Once more"));
    twice.child.kill("SIGINT");
    expect(await twice.code).toBe(130);
    expect(agentsOf(twice)).toEqual([]);
    expect(kept(twice)).toBeGreaterThanOrEqual(1);
  }, 300_000);

  it("goes on when an agent is killed", async () => {
    const run = hunt("agent");
    await until(run, () => agentsOf(run).length > 0 && kept(run) >= 1);
    for (const id of agentsOf(run)) process.kill(id, "SIGKILL");
    expect(await run.code).toBe(1);
    const verdicts = reportIn(run).findings.map(({ verdict }) => verdict);
    // The hazard that was being explored may be undecided; a killed process is no proof.
    expect(verdicts.filter((verdict) => verdict === "confirmed").length).toBeGreaterThanOrEqual(COUNTERS - 1);
  }, 300_000);

  it("tells a full disk and loses nothing of what came before it", async () => {
    // In units of 1024 bytes, for every file: enough for the first verdicts.
    const full = hunt("full", { limit: "ulimit -f 8;" });
    expect(await full.code).toBe(2);
    expect(full.err()).toMatch(/cannot write .*report.*EFBIG/);
    const known = kept(full);
    expect(known).toBeGreaterThanOrEqual(1);
    const freed = hunt("full", { options: ["--resume"] });
    expect(await freed.code).toBe(1);
    expect(reportIn(freed).said).toMatch(/resumed: \d results[^]*1 lines of .* were cut off or damaged/);
    expect(reportIn(freed).findings.every(({ verdict }) => verdict === "confirmed")).toBe(true);
  }, 300_000);
});
