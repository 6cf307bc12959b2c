// Layouts of real projects in miniature: what is audited, what is left out, from where it is imported.
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../vocabulary/index.ts";
import { scratchFolder, writeFiles } from "../testing/scratch.ts";
import { discoverFile, discoverFolder, type DiscoveredSubject } from "./discover-subject-files.ts";

const PROJECT = '[project]\nname = "demo"\nversion = "1.0"\n';

function tree(paths: string, files: Record<string, string> = {}): string {
  const empty = paths.split(/\s+/).filter((path) => path !== "");
  return writeFiles(scratchFolder(), { ...Object.fromEntries(empty.map((path) => [path, ""])), ...files });
}

async function discover(root: string, below = "", includeTests = false): Promise<DiscoveredSubject & { importFrom: string; notes: Notification[] }> {
  const notes: Notification[] = [];
  const found = await discoverFolder(join(root, below), { includeTests, nameHint: "hint", onNotification: (note) => notes.push(note) });
  return { ...found, importFrom: found.importRoot.slice(found.root.length + 1), notes };
}

describe("projects", () => {
  it.each([
    {
      what: "flat",
      paths: "demo/__init__.py demo/a.py setup.py noxfile.py tools/x.py tests/test_a.py docs/conf.py",
      importFrom: "",
      modules: "demo",
      files: "demo/__init__.py demo/a.py",
    },
    {
      what: "with src",
      paths: "src/demo/__init__.py src/demo/deep/b.py setup.py tests/__init__.py",
      importFrom: "src",
      modules: "demo",
      files: "src/demo/__init__.py src/demo/deep/b.py",
    },
    { what: "with src and a single module", paths: "src/demo.py tests/conftest.py", importFrom: "src", modules: "demo", files: "src/demo.py" },
    { what: "of one module", paths: "demo.py setup.py test_demo.py conftest.py", importFrom: "", modules: "demo", files: "demo.py" },
    {
      what: "with two packages",
      paths: "demo/__init__.py _demo_speedups/__init__.py setup.py",
      importFrom: "",
      modules: "_demo_speedups demo",
      files: "_demo_speedups/__init__.py demo/__init__.py",
    },
    {
      what: "not named like their package",
      paths: "yaml/__init__.py yaml/a.py setup.py scripts/__init__.py",
      importFrom: "",
      modules: "yaml",
      files: "yaml/__init__.py yaml/a.py",
    },
    { what: "in lib", paths: "lib/demo/__init__.py setup.py", importFrom: "lib", modules: "demo", files: "lib/demo/__init__.py" },
    {
      what: "beside a compiled core",
      paths: "python/demo/__init__.py rust/src/lib.rs",
      importFrom: "python",
      modules: "demo",
      files: "python/demo/__init__.py",
    },
    { what: "with C sources in src", paths: "src/core.c demo/__init__.py setup.py", importFrom: "", modules: "demo", files: "demo/__init__.py" },
    {
      what: "with a vendored copy",
      paths: "demo/__init__.py demo/_vendor/six.py demo/vendor/x/__init__.py",
      importFrom: "",
      modules: "demo",
      files: "demo/__init__.py",
    },
  ])("$what", async ({ paths, importFrom, modules, files }) => {
    const found = await discover(tree(paths, { "pyproject.toml": PROJECT }));
    expect([found.importFrom, found.topLevelModules.join(" "), found.files.join(" ")]).toEqual([importFrom, modules, files]);
    expect(found.files.filter((path) => found.excluded.includes(path))).toEqual([]);
  });

  it("say what they are called and need", async () => {
    const text = `${PROJECT}requires-python = ">=3.9"\ndependencies = ["one"]\n`;
    expect(await discover(tree("demo/__init__.py", { "pyproject.toml": text }))).toMatchObject({
      name: "demo",
      version: "1.0",
      requiresPython: ">=3.9",
      requirements: ["one"],
    });
  });

  it("count every Python file once: audited or excluded", async () => {
    const root = tree("demo/__init__.py demo/tests/test_a.py tests/a.py docs/conf.py setup.py build/lib/demo/__init__.py demo/a.pyi", {
      "pyproject.toml": PROJECT,
    });
    const { files, excluded } = await discover(root);
    expect(files).toEqual(["demo/__init__.py"]);
    expect(excluded).toEqual(["build/lib/demo/__init__.py", "demo/tests/test_a.py", "docs/conf.py", "setup.py", "tests/a.py"]);
  });

  it("with tests wanted give tests, but no vendored and no built code", async () => {
    const root = tree("demo/__init__.py demo/tests/test_a.py demo/_vendor/x.py tests/a.py conftest.py build/lib/demo/__init__.py", {
      "pyproject.toml": PROJECT,
    });
    expect((await discover(root, "", true)).files).toEqual(["conftest.py", "demo/__init__.py", "demo/tests/test_a.py", "tests/a.py"]);
  });

  it("whose own name sounds like tests are not left out", async () => {
    const named = (name: string): Record<string, string> => ({ "pyproject.toml": `[project]\nname = "${name}"\n` });
    expect((await discover(tree("test/__init__.py test/a.py", named("test")))).files).toEqual(["test/__init__.py", "test/a.py"]);
    expect((await discover(tree("demo_tests/__init__.py demo_tests/a.py", named("demo-tests")))).files).toHaveLength(2);
    expect((await discover(tree("test_demo.py setup.py", named("test-demo")))).files).toEqual(["test_demo.py"]);
    expect((await discover(tree("demo/testing/a.py demo/__init__.py demo/latest.py", named("demo")))).files).toHaveLength(3);
  });

  it("of a namespace are found by the first part of their name", async () => {
    const root = tree("google/cloud/storage/__init__.py tests/x.py setup.py", { "pyproject.toml": '[project]\nname = "google-cloud-storage"\n' });
    expect(await discover(root)).toMatchObject({ topLevelModules: ["google"], files: ["google/cloud/storage/__init__.py"] });
  });

  it("that declare their modules are believed as far as these exist", async () => {
    const egg = { "lib/Demo.egg-info/top_level.txt": "_yaml\nyaml\nmissing\n", "PKG-INFO": "Name: Demo\nVersion: 1\n" };
    expect(await discover(tree("lib/yaml/__init__.py lib/_yaml/__init__.py lib/extra/__init__.py setup.py", egg))).toMatchObject({
      importFrom: "lib",
      topLevelModules: ["_yaml", "yaml"],
    });
    const setup = { "setup.py": "setup(name='demo', py_modules=['one', 'two'])" };
    expect(await discover(tree("one.py two.py three.py", setup))).toMatchObject({ topLevelModules: ["one", "two"], files: ["one.py", "two.py"] });
  });
});

describe("installed trees", () => {
  const installed = { "demo-1.0.dist-info/METADATA": "Name: demo\nVersion: 1.0\n", "demo-1.0.dist-info/RECORD": "" };

  it("are what they contain, without tests that were packed by accident", async () => {
    const root = tree("demo/__init__.py demo.libs/x.so tools/__init__.py util.py _speed.cpython-313-x86_64-linux-gnu.so tests/__init__.py", installed);
    expect(await discover(root)).toMatchObject({
      importFrom: "",
      topLevelModules: ["_speed", "demo", "tools", "util"],
      files: ["demo/__init__.py", "tools/__init__.py", "util.py"],
      excluded: ["tests/__init__.py"],
    });
  });

  it("may keep their code in the data folder", async () => {
    const root = tree("demo-1.0.data/purelib/demo/__init__.py demo-1.0.data/scripts/run.py", installed);
    expect(await discover(root)).toMatchObject({
      importFrom: "demo-1.0.data/purelib",
      topLevelModules: ["demo"],
      files: ["demo-1.0.data/purelib/demo/__init__.py"],
    });
  });
});

describe("other folders", () => {
  it("are audited whole, except tests", async () => {
    expect(await discover(tree("app.py manage.py shop/__init__.py scripts/run.py test_app.py"))).toMatchObject({
      name: "hint",
      version: undefined,
      topLevelModules: ["app", "manage", "scripts", "shop"],
      files: ["app.py", "manage.py", "scripts/run.py", "shop/__init__.py"],
    });
    expect(await discover(tree("src/app.py tests/test_app.py"))).toMatchObject({ importFrom: "src", files: ["src/app.py"] });
    expect(await discover(tree("main.py"))).toMatchObject({ topLevelModules: ["main"], files: ["main.py"] });
  });

  it("named tests are audited when they are what was named", async () => {
    expect((await discover(tree("tests/helpers.py tests/deep/a.py"), "tests")).files).toEqual(["deep/a.py", "helpers.py"]);
    expect((await discover(tree("test_one.py test_two.py"))).files).toEqual(["test_one.py", "test_two.py"]);
  });

  it("inside a package are imported from above it", async () => {
    const root = tree("src/demo/__init__.py src/demo/a.py src/demo/deep/__init__.py src/demo/deep/b.py src/demo/deep/tests/c.py src/other.py", {
      "pyproject.toml": PROJECT,
    });
    const found = await discover(root, "src/demo/deep");
    expect(found).toMatchObject({ name: "demo", version: "1.0", root: join(root, "src"), importRoot: join(root, "src"), topLevelModules: ["demo"] });
    expect(found.files).toEqual(["demo/deep/__init__.py", "demo/deep/b.py"]);
    expect(found.excluded).toEqual(["demo/deep/tests/c.py"]);
  });

  it("never give hidden folders, environments or installed modules of other languages", async () => {
    const root = tree(".git/x.py .venv/lib/a.py env/pyvenv.cfg env/lib/site.py node_modules/n/a.py demo/__pycache__/a.py demo/__init__.py");
    const { files, excluded } = await discover(root);
    expect([...files, ...excluded]).toEqual(["demo/__init__.py"]);
  });

  it("with links in circles end, and files behind links count once", async () => {
    const root = tree("demo/__init__.py demo/a.py");
    const outside = tree("shared.py");
    symlinkSync(root, join(root, "demo", "circle"));
    symlinkSync(join(root, "demo", "a.py"), join(root, "demo", "again.py"));
    symlinkSync(join(outside, "shared.py"), join(root, "demo", "shared.py"));
    symlinkSync(join(root, "nowhere.py"), join(root, "demo", "broken.py"));
    expect((await discover(root)).files).toEqual(["demo/__init__.py", "demo/a.py", "demo/shared.py"]);
  });

  it("that cannot be read are an error, and below that a notification", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("the superuser may read everything");
    const root = tree("demo/__init__.py");
    mkdirSync(join(root, "demo", "locked"), { mode: 0 });
    expect((await discover(root)).notes).toEqual([expect.objectContaining({ file: "demo/locked/", level: "warning" })]);
    chmodSync(root, 0);
    await expect(discover(root)).rejects.toThrow(/cannot be read/);
    chmodSync(root, 0o700);
  });

  it("that do not exist are an error", async () => {
    await expect(discover(join(scratchFolder(), "gone"))).rejects.toThrow(/cannot be read: ENOENT/);
  });
});

describe("files", () => {
  it("are audited whatever they are called, from above their package", async () => {
    const root = tree("src/demo/__init__.py src/demo/test_a.py", { "pyproject.toml": PROJECT });
    const options = { includeTests: false, nameHint: "hint", onNotification: () => undefined };
    expect(await discoverFile(join(root, "src/demo/test_a.py"), options)).toMatchObject({
      name: "demo",
      root: join(root, "src"),
      importRoot: join(root, "src"),
      topLevelModules: ["demo"],
      files: ["demo/test_a.py"],
      excluded: [],
    });
    expect(await discoverFile(join(tree("one.py"), "one.py"), options)).toMatchObject({ name: "hint", topLevelModules: ["one"], files: ["one.py"] });
  });

  it("in C and Cython are listed for themselves, with other projects' copies, without tests", async () => {
    const root = tree("demo/__init__.py demo/_speed.c demo/a.pyx demo/_lib/x.h demo/vendor/y.hpp demo/tests/t.c src/z.cpp README.c.txt", {
      "pyproject.toml": PROJECT,
    });
    const found = await discover(root);
    expect(found).toMatchObject({
      files: ["demo/__init__.py"],
      nativeFiles: ["demo/_lib/x.h", "demo/_speed.c", "demo/a.pyx", "demo/vendor/y.hpp", "src/z.cpp"],
    });
    const options = { includeTests: false, nameHint: "hint", onNotification: () => undefined };
    expect(await discoverFile(join(root, "demo/_speed.c"), options)).toMatchObject({ files: [], nativeFiles: ["demo/_speed.c"] });
  });
});
