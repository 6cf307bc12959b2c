// The pairs of the corpus whose releases are pinned by a digest, from the package index to the verdict: found before the fix, silent after it.
// Where no package index can be reached there is nothing to judge, and every test says so.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRepository } from "../scripts/repository.mjs";
import { auditVersion } from "./audit-version.mjs";
import { judgePair } from "./judge-pair.mjs";

interface Version {
  readonly release?: string;
  readonly sha256?: string;
}

interface Pair {
  readonly name: string;
  readonly file: string;
  readonly functions: readonly string[];
  readonly location: string;
  readonly before: Version;
  readonly after: Version;
}

const pinned = (JSON.parse(readFileSync(inRepository("corpus", "pairs.json"), "utf8")) as Pair[]).filter(({ before, after }) => before.sha256 !== undefined && after.sha256 !== undefined);

/** Why there is no package index, once that is known. */
let missing: string | undefined;

/** Undefined when no package index answers. */
async function audited({ release = "" }: Version): Promise<Awaited<ReturnType<typeof auditVersion>> | undefined> {
  if (missing !== undefined) return undefined;
  try {
    return await auditVersion(release);
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== "UserError" || !message.startsWith("the package index gave no answer")) throw error;
    missing = message;
    return undefined;
  }
}

describe("releases before and after a fix", () => {
  it("are some", () => {
    expect(pinned.length).toBeGreaterThanOrEqual(8);
  });

  it.for(pinned)("$name", async (pair, { skip }) => {
    const before = await audited(pair.before);
    const after = await audited(pair.after);
    if (!before || !after) return skip(missing);
    expect([before.sha256, after.sha256]).toEqual([pair.before.sha256, pair.after.sha256]);
    expect(judgePair(pair, before.findings, after.findings)).toMatchObject({ verdict: "OK" });
  });
});
