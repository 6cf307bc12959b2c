// The audit against a hand-made list of true and false sites of one release. The list lies beside the repository and is not part
// of it: without it, or without a package index, there is nothing to compare with and the tests say so.
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { auditSources, type SourceFile } from "./audit.ts";
import { isAtLeast } from "./hazards/index.ts";
import { fetchSubject, parseSpecification, readSubjectFiles } from "./sources/index.ts";
import { UserError, type Hazard } from "./vocabulary/index.ts";

interface TrueSite {
  readonly shape: number;
  readonly file: string;
  readonly function: string;
  readonly line: number;
  readonly also_lines?: readonly number[];
  readonly symbol: string;
  /** Found by hand beyond what the public issue lists. */
  readonly beyond_issue?: boolean;
}

const shapes: Readonly<Record<number, string>> = {
  1: "non-atomic-update",
  2: "heap-check-then-act",
  3: "mutate-during-iterate",
  4: "append-as-allocator",
  5: "check-then-act",
  6: "class-attribute-toggle",
  7: "process-global-state",
  8: "shared-slot-nullification",
};

const truthFolder = new URL("../../../../shared/truth/", import.meta.url);
const readSites = (name: string): TrueSite[] => JSON.parse(readFileSync(new URL(name, truthFolder), "utf8")) as TrueSite[];

/** Same file, function and shape, and one of the site's lines is the hazard's or one of its accesses'. */
function isReported(site: TrueSite, hazards: readonly Hazard[]): boolean {
  const lines = [site.line, ...(site.also_lines ?? [])];
  return hazards.some(
    (hazard) =>
      hazard.rule === `python/${shapes[site.shape]}` &&
      hazard.span.file === site.file &&
      hazard.function === site.function &&
      [hazard, ...hazard.accesses].some(({ function: within, span }) => within === site.function && span.file === site.file && lines.includes(span.line)),
  );
}

const describeSite = ({ file, line, function: within, symbol }: TrueSite): string => `${file}:${line} ${within} ${symbol}`;

/** Reason why nothing can be compared; undefined when the hazards are there. */
let missing: string | undefined;
let shown: readonly Hazard[] = [];

async function readRelease(): Promise<SourceFile[]> {
  const subject = await fetchSubject(parseSpecification("pyfakefs==6.2.0", process.cwd()));
  const files: SourceFile[] = [];
  for await (const file of readSubjectFiles(subject, () => undefined)) files.push(file);
  return files;
}

beforeAll(async () => {
  if (!existsSync(truthFolder)) {
    missing = "the list of true sites is not beside the repository";
    return;
  }
  try {
    shown = auditSources(await readRelease()).hazards.filter((hazard) => isAtLeast(hazard, "medium"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    missing = error.message;
  }
});

describe("the audit of a release whose races are known", () => {
  it("finds at least 27 of the 31 sites of the issue", ({ skip }) => {
    skip(missing !== undefined, missing);
    const sites = readSites("pyfakefs-truth.json").filter((site) => site.beyond_issue !== true);
    const missed = sites.filter((site) => !isReported(site, shown)).map(describeSite);
    expect(sites).toHaveLength(31);
    expect(missed.length <= 4 ? [] : missed).toEqual([]);
  });

  it("reports at most 10 of the 69 sites that only look like one", ({ skip }) => {
    skip(missing !== undefined, missing);
    const sites = readSites("pyfakefs-negatives.json");
    const reported = sites.filter((site) => isReported(site, shown)).map(describeSite);
    expect(sites).toHaveLength(69);
    expect(reported.length <= 10 ? [] : reported).toEqual([]);
  });
});
