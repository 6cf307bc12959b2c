// Settings files on disk: what is read, which file counts, how the audit uses it, and what each mistake is told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lineOfKey } from "../sources/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { excluderOf, findSettings, noSettings, policyOf, selectedRules } from "./index.ts";
import type { Settings } from "./index.ts";
import { settingTable } from "./setting-table.ts";

const scratch = mkdtempSync(join(tmpdir(), "raceproof-config-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const rules = ["python/check-then-act", "python/non-atomic-update"];
let folders = 0;

/** A new folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, `${++folders}`);
  for (const [path, text] of Object.entries({ ".git/HEAD": "", ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const read = (folder: string, from: readonly string[] = [folder]): Promise<Settings> => findSettings({ from, named: undefined, cwd: folder, rules });
const readText = (text: string): Promise<Settings> => read(folderWith({ "raceproof.toml": text }));

describe("settings", () => {
  it("are read from every key of the table", async () => {
    const folder = folderWith({
      "pyproject.toml": `[project]\nname = "x"\n\n[tool.raceproof]\n${settingTable.map(({ example }) => example.replaceAll(/append-as-allocator|process-global-state/g, "check-then-act")).join("\n")}\n`,
    });
    const settings = await read(folder);
    expect(settings).toMatchObject({
      file: "pyproject.toml",
      folder,
      select: rules,
      extendSelect: ["python/check-then-act"],
      ignore: ["python/check-then-act"],
      confidence: "high",
      failOn: "high",
      lockNames: ["gate", "*_guard"],
      relaxations: ["element-order"],
      minPython: "3.11",
    });
    expect(settings.perFileIgnores.get("pkg/compat/**")).toEqual(rules);
    expect(settings.severity).toEqual(new Map([["python/check-then-act", "leak"]]));
    expect(settings.originOf("ignore")).toEqual({ file: "pyproject.toml", line: 7 });
  });

  it("come from the nearest folder, raceproof.toml before pyproject.toml, and not from above the repository", async () => {
    const folder = folderWith({
      "pyproject.toml": '[tool.raceproof]\nconfidence = "high"\n',
      "a/raceproof.toml": 'confidence = "low"\n',
      "a/pyproject.toml": "[tool.raceproof]\n",
      "a/b/x.py": "",
      "c/x.py": "",
      "c/.git/HEAD": "",
    });
    expect((await read(folder, [join(folder, "a", "b")])).confidence).toBe("low");
    expect((await read(folder)).confidence).toBe("high");
    expect((await read(folder, [join(folder, "c")])).confidence).toBeUndefined();
    expect((await read(folder, [join(folder, "c"), folder])).confidence).toBe("high");
    expect(await read(folder, [])).toBe(noSettings);
  });

  it("of other tools, broken or not, are none of ours", async () => {
    expect(await read(folderWith({ "pyproject.toml": "[tool.other]\nx = 1\n" }))).toBe(noSettings);
    expect(await read(folderWith({ "pyproject.toml": "not = [toml" }))).toBe(noSettings);
  });

  it.each([
    ['selct = ["a"]', "raceproof.toml:2: selct: there is no setting", "Did you mean select?"],
    ['select = "check-then-act"', 'raceproof.toml:2: select: is "check-then-act"', "list of strings"],
    ["select = [1]", "a list of something else", "list of strings"],
    ['select = ["chek-then-act"]', 'a rule that does not exist: "chek-then-act"', "Did you mean python/check-then-act?"],
    ['fail-on = "hihg"', 'fail-on: is "hihg"', "Did you mean high?"],
    ["confidence = 3", "the number 3", "Choose from: low, medium, high"],
    ['max-file-size = "2 MB"', 'max-file-size: is "2 MB"', "a number of MiB"],
    ["max-file-size = 0", "the number 0", "a number of MiB"],
    ["min-python = 3.11", "the number 3.11", '"3.11"'],
    ['per-file-ignores = ["a"]', "a list of strings", "table"],
    ['[severity]\n"check-then-act" = "awful"', "raceproof.toml:3: severity.check-then-act", "Choose from: crash"],
    ["x = [", "not TOML", "Correct"],
  ])("that are wrong name place and remedy: %s", async (text, problem, advice) => {
    const error: unknown = await readText(`\n${text}\n`).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(problem);
    expect((error as UserError).advice).toContain(advice);
  });

  it("of a named file must be there", async () => {
    const folder = folderWith({ "other.toml": 'confidence = "low"\n' });
    expect((await findSettings({ from: [], named: "other.toml", cwd: folder, rules })).confidence).toBe("low");
    await expect(findSettings({ from: [], named: "none.toml", cwd: folder, rules })).rejects.toThrow("none.toml has no settings");
  });
});

describe("what the audit makes of settings", () => {
  it("rules: the command line before select, which extend-select adds to", async () => {
    const settings = await readText('select = ["check-then-act"]\nextend-select = ["non-atomic-update"]\n');
    expect(selectedRules(settings, undefined)).toEqual(rules);
    expect(selectedRules(settings, ["python/check-then-act"])).toEqual(["python/check-then-act"]);
    expect(selectedRules(noSettings, undefined)).toBeUndefined();
  });

  it("file patterns start at the settings file, whatever folder is audited", async () => {
    const folder = folderWith({ "raceproof.toml": 'exclude = ["src/pkg/old", "gen_*.py"]\n[per-file-ignores]\n"src/pkg/*.py" = ["all"]\n' });
    const settings = await read(folder);
    const excluded = (root: string, file: string): boolean => excluderOf(settings, root)(file);
    expect([
      excluded(folder, "src/pkg/old/a.py"),
      excluded(join(folder, "src"), "pkg/old/a.py"),
      excluded(folder, "x/gen_a.py"),
      excluded(folder, "src/pkg/a.py"),
    ]).toEqual([true, true, true, false]);
    const ignored = policyOf(settings, { root: join(folder, "src"), requiresPython: undefined }).ignored.at(-1);
    expect([ignored?.matchesFile("pkg/a.py"), ignored?.matchesFile("other/a.py"), ignored?.line]).toEqual([true, false, 3]);
  });

  it("names of locks are kept as written", async () => {
    expect((await readText('lock-names = ["gate", "*_guard"]\n')).lockNames).toEqual(["gate", "*_guard"]);
    expect(noSettings.lockNames).toEqual([]);
  });
});

describe("the line of a key", () => {
  const text = '[tool]\nraceproof.select = []\n[tool.raceproof.severity]\n"a.b" = "leak"\n[tool.raceproof]\nignore = []\n';

  it.each([
    [["tool", "raceproof", "select"], 2],
    [["tool", "raceproof", "severity", "a.b"], 4],
    [["tool", "raceproof", "ignore"], 6],
    [["tool", "raceproof", "missing"], 5],
    [["other"], undefined],
  ])("%j", (path, line) => {
    expect(lineOfKey(text, path)).toBe(line);
  });
});
