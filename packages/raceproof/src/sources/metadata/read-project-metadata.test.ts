// What projects declare, in each file that may hold it.
import { describe, expect, it } from "vitest";
import { scratchFolder, writeFiles } from "../testing/scratch.ts";
import { readProjectMetadata } from "./read-project-metadata.ts";
import { parsePyproject } from "./pyproject.ts";

const read = (files: Record<string, string>, name?: string): ReturnType<typeof readProjectMetadata> =>
  readProjectMetadata(writeFiles(scratchFolder(), files), name);

const METADATA = `Metadata-Version: 2.1
Name: Demo
Version: 1.2
Requires-Python: >=3.8,
 <4
Requires-Dist: one>=1
Requires-Dist: two; python_version < "3.10"
Requires-Dist: three; extra == 'fast'
Requires-Dist: four (>=2) ; (os_name == "nt") and extra == "x"
License: UNKNOWN

Requires-Dist: text-of-the-description
`;
const EXPECTED = { name: "Demo", version: "1.2", requiresPython: ">=3.8, <4", requirements: ["one>=1", 'two; python_version < "3.10"'] };

describe("built metadata", () => {
  it.each(["demo-1.2.dist-info/METADATA", "PKG-INFO", "Demo.egg-info/PKG-INFO", "src/Demo.egg-info/PKG-INFO"])("is read from %s", async (path) => {
    expect(await read({ [path]: METADATA.replaceAll("\n", "\r\n") })).toEqual(EXPECTED);
  });

  it("of several packages in one environment is that of the one that is meant", async () => {
    const files = { "demo-1.2.dist-info/METADATA": METADATA, "other-9.dist-info/METADATA": "Name: other\nVersion: 9\n" };
    expect(await read(files, "DEMO")).toMatchObject({ name: "Demo" });
    expect(await read(files, "third")).toBeUndefined();
  });
});

describe("pyproject.toml", () => {
  it("gives the project table, whatever else is around it", async () => {
    const pyproject = `# comment with [project]
[build-system]
requires = ["setuptools>=61", 'wheel'] # name = "wrong"
[tool.x]
description = """
[project]
name = "wrong"
"""
[project]
name = "demo"   # its name
'version' = '1.0'
requires-python = ">=3.9"
authors = [{name = "A, B", email = "a@b.example"}, {name = "C"}]
dependencies = [
  "one>=1", # with "quotes" and ]
  'two; sys_platform == "win32"',
  "three; extra == 'x'",
]
optional-dependencies.fast = ["four"]
urls."Home page" = "https://x.example"
number = 1_000
when = 1979-05-27 07:32:00
[project.scripts]
name = "wrong"
[[tool.array]]
version = "wrong"
`;
    expect(await read({ "pyproject.toml": pyproject })).toEqual({
      name: "demo",
      version: "1.0",
      requiresPython: ">=3.9",
      requirements: ["one>=1", 'two; sys_platform == "win32"'],
    });
  });

  it("with a computed version leaves it to setup.cfg or egg-info", async () => {
    const files = { "pyproject.toml": '[project]\nname = "demo"\ndynamic = ["version"]\n' };
    expect(await read(files)).toMatchObject({ name: "demo", version: undefined });
    expect(await read({ ...files, "demo.egg-info/PKG-INFO": METADATA })).toMatchObject({ name: "demo", version: "1.2", requirements: EXPECTED.requirements });
  });

  it("of poetry, and one that declares nothing, are told apart", async () => {
    const poetry = '[tool.poetry]\nname = "demo"\nversion = "2"\n[tool.poetry.dependencies]\npython = "^3.9"\n';
    expect(await read({ "pyproject.toml": poetry })).toEqual({ name: "demo", version: "2", requiresPython: "^3.9", requirements: [] });
    expect(await read({ "pyproject.toml": "[tool.black]\nline-length = 100\n" })).toBeUndefined();
  });
});

describe("setup files", () => {
  it("give plain values, and never computed ones", async () => {
    const text =
      "[metadata]\nname = demo\nversion = attr: demo.__version__\n[options]\npython_requires = >=3.7\ninstall_requires =\n    one\n    # no\n    two; extra == 'x'\n";
    expect(await read({ "setup.cfg": text })).toEqual({ name: "demo", version: undefined, requiresPython: ">=3.7", requirements: ["one"] });
    expect(await read({ "setup.cfg": "[flake8]\nmax-line-length = 100\n" })).toBeUndefined();
    expect(await read({ "setup.py": "raise SystemExit('never run')" })).toEqual({
      name: undefined,
      version: undefined,
      requiresPython: undefined,
      requirements: [],
    });
  });
});

describe("text that is not TOML", () => {
  it.each(["[".repeat(10_000), "a = [".repeat(10_000), "a = {b = ".repeat(10_000), "[project]\nname = 'unclosed"])("declares nothing and ends", (text) => {
    expect(parsePyproject(text)).toBeUndefined();
  });
});
