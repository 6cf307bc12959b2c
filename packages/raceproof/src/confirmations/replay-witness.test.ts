// A witness on the source it comes from, elsewhere, and on sources that changed.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { defaultBudget } from "./confirmation-options.ts";
import { confirmDriver } from "./confirm-driver.ts";
import { replayWitness, type WitnessReplay } from "./replay-witness.ts";
import { discoverRuntimes } from "./runtimes/discover-runtimes.ts";
import { decodeWitness, encodeWitness } from "./witness-codec.ts";

const root = mkdtempSync(join(tmpdir(), "raceproof-replay-"));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(
  join(root, "store.py"),
  `import threading


class Store:
    def __init__(self):
        self.entries = {"a": 1, "b": 2}
        self._lock = threading.Lock()

    def add(self, name):
        self.entries[name] = 0

    def total(self):
        result = 0
        for value in self.entries.values():
            result += value
        return result
`,
);
const driver = {
  name: "add-total",
  source: `from store import Store\n\n\ndef setup():\n    return Store()\n\n\ndef operation_a(store):\n    store.add('x')\n\n\ndef operation_b(store):\n    return store.total()\n`,
};

const { runtimes } = await discoverRuntimes();
const runtime = runtimes[0];
const other = runtimes.at(-1);
if (runtime === undefined || other === undefined) throw new Error("no Python to test with");
const options = {
  subject: { specification: "store", root, importPaths: [root], instrument: ["store"] },
  runtime,
  budget: defaultBudget,
  workers: 1,
  replayOn: [],
};

describe("replaying a witness", async () => {
  const { witness } = await confirmDriver(driver, options);
  if (witness === undefined) throw new Error("nothing to replay");

  async function replayOn(change: (source: string) => string): Promise<WitnessReplay> {
    const folder = mkdtempSync(join(tmpdir(), "raceproof-changed-"));
    try {
      cpSync(root, folder, { recursive: true });
      writeFileSync(join(folder, "store.py"), change(readFileSync(join(root, "store.py"), "utf8")));
      const subject = { ...options.subject, root: folder, importPaths: [folder] };
      return await replayWitness(decodeWitness(encodeWitness(witness as NonNullable<typeof witness>)), {
        subject,
        runtime: other as NonNullable<typeof other>,
        times: 50,
        hashSeed: 99,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it("fails every time on the same source, elsewhere too, and after lines moved", async () => {
    expect(await replayOn((source) => source)).toMatchObject({ verdict: "reproduced", reproduced: 50, reached: 50 });
    expect(await replayOn((source) => `# one\n# two\n${source}`)).toMatchObject({ verdict: "reproduced", reproduced: 50, reached: 50 });
  });

  it("passes once the cause is gone but its place is still there", async () => {
    const repaired = await replayOn((source) => source.replace("self.entries[name] = 0", "self.entries = {**self.entries, name: 0}"));
    expect(repaired).toMatchObject({ verdict: "passed", reproduced: 0, reached: 50, reason: "the outcome is that of a serial order" });
  });

  it("passes once a lock keeps the threads apart", async () => {
    const guarded = await replayOn((source) =>
      source
        .replace("        self.entries[name] = 0\n", "        with self._lock:\n            self.entries[name] = 0\n")
        .replace(/ {8}for value in self.*\n.*\n/, (loop) => `        with self._lock:\n${loop.replaceAll(/^(?=.)/gm, "    ")}`),
    );
    expect(guarded).toMatchObject({ verdict: "passed", reproduced: 0, reason: expect.stringContaining("serial order") });
  });

  it("shows what was read and written meanwhile", async () => {
    const { seen } = await replayOn((source) => source);
    expect(seen?.trace.filter(({ read, wrote }) => read !== undefined || wrote !== undefined)).not.toHaveLength(0);
  });

  it("names the place that is gone", async () => {
    const gone = await replayOn((source) => source.replace("for value in self.entries.values()", "for value in tuple(self.entries.copy())"));
    expect(gone).toMatchObject({
      verdict: "stale",
      reproduced: 0,
      reached: 0,
      reason: expect.stringMatching(/^the source of store has changed since it was recorded, and there is no store:Store\.total:iterate:self\.entries/),
    });
  });

  it("says why nothing could be played", async () => {
    expect(await replayOn(() => "import a_module_that_nobody_has\n")).toMatchObject({
      verdict: "not-reached",
      reason: expect.stringContaining("import failed"),
    });
  });
});
