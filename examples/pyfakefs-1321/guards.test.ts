// Guards for the thread's shapes, end to end: a replay guard fails on the release and holds on a fixed copy, and the static guard
// flags what the thread's own test flags: nine places, five more waived. The whole table is measured by bench/guards.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { applyFix } from "../../bench/guards/fixes.mjs";
import { main } from "../../packages/raceproof/src/cli/index.ts";
import { discoverRuntimes, type TestedSubject } from "../../packages/raceproof/src/confirmations/index.ts";
import { renderReplayGuard } from "../../packages/raceproof/src/guards/index.ts";
import { type Runtime, UserError, type Witness } from "../../packages/raceproof/src/vocabulary/index.ts";
import { fetchPyfakefs, proveDriver } from "./prove.ts";

const folder = mkdtempSync(join(tmpdir(), "raceproof-example-guards-"));
const subject = await fetchOrExplain();
const runtime = (await discoverRuntimes()).runtimes.find(({ implementation, freeThreaded }) => implementation === "cpython" && !freeThreaded);
const obstacle = typeof subject === "string" ? subject : runtime === undefined ? "there is no CPython" : undefined;
const python = fileURLToPath(new URL("../../python/", import.meta.url));

async function fetchOrExplain(): Promise<TestedSubject | string> {
  try {
    return await fetchPyfakefs(join(folder, "cache"));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function copyPackage(name: string): string {
  const copy = join(folder, name);
  cpSync(join((subject as TestedSubject).importPaths[0] ?? "", "pyfakefs"), join(copy, "pyfakefs"), { recursive: true });
  return copy;
}

/** Exit code of the guard: 0 holds, 1 fails. */
function runGuard(guard: string, copy: string): number | null {
  const environment = { ...process.env, PYTHONPATH: [copy, join(python, "agent"), join(python, "pytest-plugin")].join(delimiter) };
  return spawnSync((runtime as Runtime).executable, ["-m", "pytest_raceproof", guard, "--replays", "200"], { env: environment }).status;
}

describe.skipIf(obstacle !== undefined)(`guards of pyfakefs 6.2.0${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`, () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["shape-2-descriptor-heap", "shape-7-user-id"])("of %s fail on the release and hold on a fixed copy", { timeout: 120_000 }, async (driver) => {
    const { witness } = await proveDriver(`${driver}.py`, subject as TestedSubject, runtime as Runtime);
    const file = join(folder, `${driver}.guard.py`);
    writeFileSync(file, renderReplayGuard(witness as Witness).text);
    const copy = copyPackage(driver);
    expect(runGuard(file, copy)).toBe(1);
    applyFix(driver, copy);
    expect(runGuard(file, copy)).toBe(0);
  });

  it("by syntax flag the nine places of the thread and waive five", async () => {
    const copy = copyPackage("static");
    const result = join(folder, "result.txt");
    const check = async (names: string): Promise<string[]> => {
      const rules = "non-atomic-update,process-global-state";
      expect(await main(["guard", "--check", "--rules", rules, "--names", names, join(copy, "pyfakefs"), "-o", result, "-q"])).toBe(1);
      return readFileSync(result, "utf8").trim().split("\n");
    };
    const lines = await check("last_ino,last_dev,st_nlink,USER_ID,GROUP_ID");
    expect(lines.at(-1)).toBe("9 flagged, 5 waived (0 by comments), 0 stale, 0 problems");
    const places = lines.flatMap((line) => /^exempt +\S+\/(\S+\.py):(\d+)/.exec(line)?.slice(1).join(":") ?? []);
    expect(places).toEqual(["fake_file.py:521", "helpers.py:62", "helpers.py:63", "helpers.py:65", "helpers.py:66"]);
    // The other reading of "seven counters": the used size is one, the number drawn while the root is made is none.
    const other = await check("FakeDirectory.*:last_ino,last_dev,st_nlink,[used_size],USER_ID,GROUP_ID");
    expect(other.at(-1)).toBe("9 flagged, 5 waived (0 by comments), 0 stale, 0 problems");
  });
});
