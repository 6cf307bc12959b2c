// The eight shapes of the thread, each proved through the public API and replayed 200 times in fresh processes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { discoverRuntimes, recheckDrivers, recheckWitnesses, type TestedSubject } from "../../packages/raceproof/src/confirmations/index.ts";
import { isSteady, type Runtime, UserError, type Witness } from "../../packages/raceproof/src/vocabulary/index.ts";
import { countReplays, fetchPyfakefs, listDrivers, loadDrivers, proveDriver } from "./prove.ts";

const cacheFolder = mkdtempSync(join(tmpdir(), "raceproof-example-"));
const [first, second] = await selectPair();
const subject = await fetchOrExplain();

/** pyfakefs 6.2 needs Python 3.10: an old one it runs on, and a different kind of interpreter. */
async function selectPair(): Promise<readonly (Runtime | undefined)[]> {
  const runtimes = (await discoverRuntimes()).runtimes.filter(({ version }) => !version.startsWith("3.9."));
  const oldest = runtimes.findLast(({ implementation, freeThreaded }) => implementation === "cpython" && !freeThreaded);
  return [oldest, runtimes.find(({ freeThreaded }) => freeThreaded) ?? runtimes[0]];
}

async function fetchOrExplain(): Promise<TestedSubject | string> {
  try {
    return await fetchPyfakefs(cacheFolder);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const obstacle = typeof subject === "string" ? subject : first === undefined || second === undefined ? "it needs Python 3.10 or newer" : undefined;

const witnesses: Witness[] = [];

describe.skipIf(obstacle !== undefined)(`pyfakefs 6.2.0${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`, () => {
  afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

  it.each(listDrivers())("%s is proved and replays 200 times under two hash seeds", { timeout: 180_000 }, async (name) => {
    const confirmation = await proveDriver(name, subject as TestedSubject, first as Runtime);
    expect([confirmation.verdict, confirmation.reason]).toEqual(["confirmed", expect.any(String)]);
    expect(confirmation.witness?.preemptions).toBe(1);
    const witness = confirmation.witness as Witness;
    witnesses.push(witness);
    expect(await countReplays(witness, subject as TestedSubject, { runtime: first as Runtime, hashSeed: 1, times: 200 })).toBe(200);
    expect(await countReplays(witness, subject as TestedSubject, { runtime: second as Runtime, hashSeed: 2, times: 200 })).toBe(200);
  });

  it("witnesses and drivers do the same each time", { timeout: 300_000 }, async () => {
    const setting = { subject: subject as TestedSubject, runtime: second as Runtime, times: 20, hashSeeds: 2 };
    const rows = [...(await recheckWitnesses(witnesses, setting)), ...(await recheckDrivers(await loadDrivers(), setting))];
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rows.filter((row) => !isSteady(row))).toEqual([]);
    expect(rows).toHaveLength(witnesses.length + listDrivers().length);
  });
});

it("has a driver for each of the eight shapes", () => {
  expect(new Set(listDrivers().map((name) => /^shape-(\d)-/.exec(name)?.[1]))).toEqual(new Set("12345678"));
});
