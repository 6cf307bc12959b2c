// From what a person types to a subject on disk, and the one test that asks the real index.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { UserError, type Notification } from "../vocabulary/index.ts";
import { fetchSubject } from "./fetch-subject.ts";
import { readPipConfiguration } from "./package-index/pip-configuration.ts";
import { readSubjectFiles } from "./read-subject-files.ts";
import { parseSpecification } from "./specification.ts";
import { craftTar, craftZip } from "./testing/craft-archive.ts";
import { serveFakeIndex } from "./testing/fake-index.ts";
import { bareEnvironment, scratchFolder, writeFiles } from "./testing/scratch.ts";

const WHEEL = craftZip([
  { name: "demo/__init__.py", content: "x = 1\n" },
  { name: "demo/tests/test_a.py", content: "" },
  { name: "demo-1.0.dist-info/METADATA", content: "Name: demo\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: one\n" },
]);
const SDIST = gzipSync(
  craftTar([
    { name: "demo-1.0/", type: "5" },
    { name: "demo-1.0/PKG-INFO", content: "Name: demo\nVersion: 1.0\n" },
    { name: "demo-1.0/setup.py", content: "raise SystemExit('never run')" },
    { name: "demo-1.0/src/demo/__init__.py", content: "x = 2\n" },
  ]),
);

function offline(extra: Record<string, string> = {}): { cacheFolder: string; environment: ReturnType<typeof bareEnvironment> } {
  const folder = scratchFolder();
  return { cacheFolder: join(folder, "cache"), environment: bareEnvironment(folder, extra) };
}

describe("a release", () => {
  it("arrives as a wheel", async () => {
    const { url } = await serveFakeIndex({ files: { "demo-1.0-py3-none-any.whl": { bytes: WHEEL } } });
    const progress: string[] = [];
    const options = { ...offline({ PIP_INDEX_URL: url }), onProgress: (message: string) => progress.push(message) };
    const subject = await fetchSubject(parseSpecification("demo==1.0.0", "/"), options);
    expect(subject).toEqual({
      specification: "demo==1.0.0",
      name: "demo",
      version: "1.0",
      root: expect.stringContaining(options.cacheFolder),
      importRoot: subject.root,
      topLevelModules: ["demo"],
      files: ["demo/__init__.py"],
      nativeFiles: [],
      buildFiles: [],
      excluded: ["demo/tests/test_a.py"],
      requiresPython: ">=3.8",
      requirements: ["one"],
    });
    expect(progress).toEqual(["fetching demo-1.0-py3-none-any.whl"]);
    const again = await fetchSubject(parseSpecification("demo", "/"), { ...options, includeTests: true });
    expect(again).toMatchObject({ root: subject.root, files: ["demo/__init__.py", "demo/tests/test_a.py"], excluded: [] });
  });

  it("arrives as a source archive, without its setup script being run", async () => {
    const { url } = await serveFakeIndex({ files: { "demo-1.0.tar.gz": { bytes: SDIST, requiresPython: ">=3.9" } } });
    const subject = await fetchSubject(parseSpecification("demo", "/"), offline({ PIP_INDEX_URL: url }));
    expect(subject).toMatchObject({ version: "1.0", requiresPython: ">=3.9", files: ["src/demo/__init__.py"], excluded: ["setup.py"] });
    expect(subject.importRoot).toBe(join(subject.root, "src"));
    expect(readFileSync(join(subject.importRoot, "demo/__init__.py"), "utf8")).toBe("x = 2\n");
  });

  it("that is hostile leaves nothing unpacked", async () => {
    const bytes = craftZip([{ name: "fine.py" }, { name: "../evil.py" }]);
    const { url } = await serveFakeIndex({ files: { "demo-1.0-py3-none-any.whl": { bytes } } });
    const options = offline({ PIP_INDEX_URL: url });
    await expect(fetchSubject(parseSpecification("demo", "/"), options)).rejects.toThrow(/demo-1.0-py3-none-any.whl was not unpacked/);
    await expect(fetchSubject(parseSpecification("demo", "/"), options)).rejects.toThrow(UserError);
  });
});

describe("what lies on disk", () => {
  it("is taken as it is: folder, file, archive", async () => {
    const folder = writeFiles(scratchFolder(), { "src/a.py": "", "one.py": "", "demo-1.0.tar.gz": SDIST, "demo-1.0-py3-none-any.whl": WHEEL });
    const fetch = (text: string): ReturnType<typeof fetchSubject> => fetchSubject(parseSpecification(text, folder), offline());
    expect(await fetch("src")).toMatchObject({ specification: "src", root: join(folder, "src"), files: ["a.py"], name: "src" });
    expect(await fetch("one.py")).toMatchObject({ root: folder, files: ["one.py"], name: "one" });
    expect(await fetch("demo-1.0.tar.gz")).toMatchObject({ name: "demo", files: ["src/demo/__init__.py"] });
    expect(await fetch("./demo-1.0-py3-none-any.whl")).toMatchObject({ name: "demo", version: "1.0", files: ["demo/__init__.py"] });
  });

  it("without Python, or with nothing but tests, is an error that says which", async () => {
    const folder = writeFiles(scratchFolder(), {
      "docs/readme.md": "",
      "docs/stub.pyi": "x: int\n",
      "docs/notes.ipynb": "{}",
      "project/pyproject.toml": '[project]\nname = "p"\n',
      "project/p/_vendor/x.py": "",
      "damaged.whl": "PK",
    });
    const refusal = (text: string): Promise<unknown> => fetchSubject(parseSpecification(text, folder), offline()).catch((error: unknown) => error);
    expect(await refusal("docs")).toMatchObject({
      name: "UserError",
      message: "docs has no files in Python, Cython, C, C++ or Rust; stubs and notebooks are not audited",
    });
    expect(await refusal("project")).toMatchObject({ name: "UserError", message: expect.stringContaining("its 1 Python files are tests") });
    expect(await refusal("damaged.whl")).toMatchObject({ name: "UserError", message: expect.stringContaining("not an intact zip") });
  });

  it("changes the tree only when the archive changes", async () => {
    const folder = writeFiles(scratchFolder(), { "demo.whl": WHEEL });
    const options = offline();
    const first = await fetchSubject(parseSpecification("demo.whl", folder), options);
    expect((await fetchSubject(parseSpecification("demo.whl", folder), options)).root).toBe(first.root);
    writeFileSync(join(folder, "demo.whl"), craftZip([{ name: "other.py" }]));
    expect(await fetchSubject(parseSpecification("demo.whl", folder), options)).toMatchObject({ files: ["other.py"] });
  });
});

it("a real package comes from the index pip is configured for", async ({ skip }) => {
  const [index = ""] = readPipConfiguration(process.env, undefined, () => undefined).indexes;
  const reachable = await globalThis.fetch(`${index.replace(/\/$/, "")}/pyfakefs/`, { method: "HEAD" }).then(
    (answer) => answer.ok,
    () => false,
  );
  if (!reachable) skip("no package index can be reached from here");
  const notes: Notification[] = [];
  const subject = await fetchSubject(parseSpecification("pyfakefs==6.2.0", "/"), {
    cacheFolder: join(scratchFolder(), "cache"),
    onNotification: (note) => notes.push(note),
  });
  expect(subject).toMatchObject({ name: "pyfakefs", version: "6.2.0", topLevelModules: ["pyfakefs"], requiresPython: expect.stringContaining(">=3") });
  expect(subject.files).toContain("pyfakefs/fake_filesystem.py");
  expect(subject.excluded.filter((path) => path.startsWith("pyfakefs/tests/")).length).toBeGreaterThan(5);
  const read = [];
  for await (const { path, bytes } of readSubjectFiles(subject, (note) => notes.push(note))) read.push([path, bytes.length > 0]);
  expect(read.map(([path]) => path)).toEqual(subject.files);
  expect(notes.filter(({ level }) => level === "error")).toEqual([]);
});
