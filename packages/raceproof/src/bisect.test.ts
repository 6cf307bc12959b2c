// Histories made on the spot: the commit that brought the race, the one that removed it, and those that cannot be judged.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { bisectWitness } from "./bisect.ts";
import { confirmDriver, defaultBudget, discoverRuntimes } from "./confirmations/index.ts";
import { renderBisection } from "./reports/index.ts";
import { readHistory } from "./sources/index.ts";
import { type Bisection, UserError, type Witness } from "./vocabulary/index.ts";

const folder = mkdtempSync(join(tmpdir(), "raceproof-bisect-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [runtime] = (await discoverRuntimes()).runtimes;
if (runtime === undefined) throw new Error("no Python to test with");

const SAFE = `import threading


class Till:
    def __init__(self):
        self.total = 0
        self.lock = threading.Lock()

    def add(self):
        with self.lock:
            self.total += 1
`;
const RACY = SAFE.replace("        with self.lock:\n            self.total += 1", "        self.total += 1");
const OTHER_WORDS = RACY.replaceAll("total", "amount");
const BROKEN = "import a_module_that_nobody_has\n";
const driver = {
  name: "till",
  source:
    "from till import Till\n\n\ndef setup():\n    return Till()\n\n\ndef operation_a(till):\n    till.add()\n\n\ndef operation_b(till):\n    till.add()\n",
};

/** A repository with the package in "lib", one commit for each text. */
function makeRepository(name: string, texts: readonly string[]): { readonly path: string; readonly commits: readonly string[] } {
  const path = join(folder, name);
  mkdirSync(join(path, "lib"), { recursive: true });
  const git = (...args: string[]): string => {
    const who = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"];
    const done = spawnSync("git", ["-C", path, ...who, ...args], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout.trim();
  };
  git("init", "--quiet", "--initial-branch=main");
  const commits = texts.map((text, index) => {
    writeFileSync(join(path, "lib", "till.py"), text);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", `change ${index}`);
    return git("rev-parse", "HEAD");
  });
  return { path, commits };
}

async function recordWitness(): Promise<Witness> {
  const root = join(folder, "recorded");
  mkdirSync(root);
  writeFileSync(join(root, "till.py"), RACY);
  const subject = { specification: "till", root, importPaths: [root], instrument: ["till"] };
  const { witness } = await confirmDriver(driver, { subject, runtime: runtime as never, budget: defaultBudget, workers: 1, replayOn: [] });
  if (witness === undefined) throw new Error("the racy till is not confirmed");
  return witness;
}

const witness = await recordWitness();
const cacheFolder = join(folder, "cache");

async function bisect(repository: string, base: string, whenStale: "search" | "skip" = "search"): Promise<Bisection> {
  const history = await readHistory({ repository, base, head: "HEAD", subdirectory: "lib" }, cacheFolder, () => undefined);
  const request = { witness, history, subdirectory: "lib", runtime: runtime as never, times: 3, cacheFolder, onProgress: () => undefined };
  return bisectWitness({ ...request, whenStale });
}

describe("bisecting a witness", () => {
  it("names the commit that brought the race, also from a URL", async () => {
    const { path, commits } = makeRepository("brought", [SAFE, `${SAFE}# one\n`, RACY, `${RACY}# two\n`, `# three\n${RACY}`]);
    const { change, judged } = await bisect(path, commits[0] as string);
    expect([change?.before.revision.commit, change?.after.revision.commit]).toEqual([commits[1], commits[2]]);
    expect(judged.map(({ state }) => state)).toEqual(["clean", "clean", "racy", "racy"]);
    const fetched = await bisect(pathToFileURL(path).href, commits[1] as string);
    expect(fetched.change?.after.revision).toMatchObject({ commit: commits[2], subject: "change 2" });
    expect(renderBisection(fetched)).toContain(`The race was brought by ${commits[2]?.slice(0, 12)}`);
  });

  it("names the one that removed it, and skips what cannot be imported", async () => {
    const { path, commits } = makeRepository("removed", [RACY, `${RACY}# one\n`, BROKEN, SAFE, `${SAFE}# two\n`]);
    const { change } = await bisect(path, commits[0] as string);
    expect([change?.before.revision.commit, change?.after.revision.commit]).toEqual([commits[1], commits[3]]);
    expect(change?.skipped.map(({ commit }) => commit)).toEqual([commits[2]]);
  });

  it("searches where the plan cannot be followed any more, or says that it is stale", async () => {
    const { path, commits } = makeRepository("stale", [OTHER_WORDS, RACY]);
    const searched = await bisect(path, commits[0] as string);
    expect(searched.judged.map(({ state }) => state)).toEqual(["racy", "racy"]);
    const skipped = await bisect(path, commits[0] as string, "skip");
    expect(skipped.judged[0]).toMatchObject({
      state: "unknown",
      reason: expect.stringMatching(/^stale: the source of till has changed .* there is no till:Till\.add/),
    });
    expect(renderBisection(skipped)).toContain("cannot be judged");
  });

  it("refuses a base that is not on the way", async () => {
    const { path } = makeRepository("refused", [SAFE, RACY]);
    await expect(bisect(path, "nowhere")).rejects.toThrow(UserError);
    await expect(bisect(join(folder, "absent"), "HEAD")).rejects.toThrow(UserError);
  });
});
