// Runs litmus programs: a folder with subject.py and driver.py, whose parent folder is the verdict.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { confirmDriver, defaultBudget, discoverRuntimes, loadDriverFile } from "../packages/raceproof/src/confirmations/index.ts";
import { launchAgent } from "../packages/raceproof/src/confirmations/runtimes/launch-agent.ts";
import type { Confirmation, Runtime } from "../packages/raceproof/src/vocabulary/index.ts";
import { mechanismDriver } from "./mechanisms.ts";

const programs = fileURLToPath(new URL("python/", import.meta.url));
/** A program that hoards memory gets to the limit sooner. Free-threaded builds reserve more than this when they start. */
const smallMemory = { memoryLimitBytes: 1024 ** 3 };

export function listPrograms(kind: "racy" | "safe" | "hostile"): string[] {
  return readdirSync(join(programs, kind)).toSorted();
}

export async function confirmProgram(kind: "racy" | "safe" | "hostile", name: string, runtime: Runtime): Promise<Confirmation> {
  const root = join(programs, kind, name);
  const driver = await loadDriverFile(join(root, "driver.py"));
  const subject = { specification: `${kind}/${name}`, root, importPaths: [root], instrument: ["subject"] };
  const options = { subject, runtime, budget: { ...defaultBudget, secondsPerHazard: 60 }, workers: 1, replayOn: [] };
  return confirmDriver(driver, options, (on, more) => launchAgent(on, { ...more, ...(kind === "hostile" ? smallMemory : {}) }));
}

export interface Mechanism {
  readonly name: string;
  readonly root: string;
}

/** Programs without a driver, each about one mechanism of Python. */
export function listMechanisms(kind: "racy" | "safe"): Mechanism[] {
  const folder = join(programs, "mechanisms", kind);
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, root: join(folder, name) }));
}

export async function confirmMechanism({ name, root }: Mechanism, runtime: Runtime, schedulesPerRung: number): Promise<Confirmation> {
  const subject = { specification: name, root, importPaths: [root], instrument: ["subject"] };
  const budget = { ...defaultBudget, schedulesPerRung, secondsPerHazard: 60 };
  return confirmDriver(mechanismDriver(root, name), { subject, runtime, budget, workers: 1, replayOn: [] });
}

/** Oldest and newest CPython with a GIL, free-threaded, PyPy: as many as there are. */
export async function selectTestRuntimes(): Promise<Runtime[]> {
  const { runtimes } = await discoverRuntimes();
  const withLock = runtimes.filter(({ implementation, freeThreaded }) => implementation === "cpython" && !freeThreaded);
  const chosen = [
    withLock.at(0),
    withLock.at(-1),
    runtimes.find(({ freeThreaded }) => freeThreaded),
    runtimes.find(({ implementation }) => implementation === "pypy"),
  ];
  return [...new Set(chosen.filter((runtime) => runtime !== undefined))];
}

/** A temporary folder that only processes started from here know; `leftovers` are those of them that still live. */
export function watchProcesses(): { readonly leftovers: () => string[]; readonly end: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "raceproof-litmus-"));
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  return {
    leftovers: () => readdirSync("/proc").filter((id) => /^\d+$/.test(id) && Number(id) !== process.pid && environmentOf(id).includes(folder)),
    end: () => {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, "latin1");
  } catch {
    return "";
  }
}
