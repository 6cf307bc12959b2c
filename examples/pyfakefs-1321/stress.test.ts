// A few cells of the runtime matrix, one process each: workloads that fail under real threads on every interpreter, and the control that never does.
// The whole matrix with its rates is in bench/stress. An interpreter that is not there is named, not passed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import {
  discoverRuntimes,
  loadDriverFile,
  oneOfEachFamily,
  stressDriver,
  supportedRuntimes,
  type TestedSubject,
} from "../../packages/raceproof/src/confirmations/index.ts";
import { familyOf, type RuntimeRow, UserError } from "../../packages/raceproof/src/vocabulary/index.ts";
import { fetchPyfakefs } from "./prove.ts";

const cacheFolder = mkdtempSync(join(tmpdir(), "raceproof-matrix-"));
const runtimes = oneOfEachFamily(supportedRuntimes((await discoverRuntimes()).runtimes, ">=3.10"));
const subject = await fetchPyfakefs(cacheFolder).catch((error: unknown) => {
  if (error instanceof UserError) return error.message;
  throw error;
});
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

/** With less to do than in the matrix: `sizes` replaces the line that says how much. */
async function stress(name: string, sizes: string, family: string): Promise<RuntimeRow[]> {
  const driver = await loadDriverFile(fileURLToPath(new URL(`stress/${name}.py`, import.meta.url)));
  const source = driver.source.replace(/^(?:THREADS, )?LOOPS = .*$/m, sizes);
  return stressDriver(
    { ...driver, source },
    {
      runtimes: runtimes.filter(({ id }) => familyOf(id) === family),
      budget: { repeats: 1, controlRepeats: 0, secondsPerRepeat: 0.2, seconds: 120 },
      subjectFor: () => Promise.resolve(subject as TestedSubject),
    },
  );
}

describe.each(["gil", "free-threaded", "pypy"])("runtime matrix, %s", (family) => {
  const obstacle = typeof subject === "string" ? subject : runtimes.every(({ id }) => familyOf(id) !== family) ? "no such interpreter from 3.10 on" : undefined;
  const suffix = obstacle === undefined ? "" : ` (skipped: ${obstacle})`;

  it.skipIf(obstacle !== undefined)(`directories made by many threads fail${suffix}`, { timeout: 180_000 }, async () => {
    const rows = await stress("shape-3-create-dir", "THREADS, LOOPS = 8, 64", family);
    expect(rows.some(({ failing }) => failing > 0)).toBe(true);
  });

  it.skipIf(obstacle !== undefined)(`the control does not${suffix}`, { timeout: 180_000 }, async () => {
    for (const { failing, repeats } of await stress("control-listdir", "LOOPS = 20", family)) expect([failing, repeats]).toEqual([0, 1]);
  });
});
