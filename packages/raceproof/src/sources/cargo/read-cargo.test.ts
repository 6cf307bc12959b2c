// What Cargo's own tools understand must be understood here: inheritance, renaming, targets, locks, and text that is no TOML.
import { describe, expect, it } from "vitest";
import { packageOf } from "../../vocabulary/index.ts";
import { isCargoFile, readCargo } from "./index.ts";

const encoder = new TextEncoder();

function read(files: Record<string, string>): ReturnType<typeof readCargo> {
  return readCargo(Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text) })));
}

const lock = `version = 3

[[package]]
name = "first"
version = "0.1.0"
dependencies = [
 "pyo3 0.21.2",
]

[[package]]
name = "pyo3"
version = "0.18.3"
source = "registry+https://example.org/index"

[[package]]
name = "pyo3"
version = "0.21.2"
`;

describe("a package", () => {
  it("has its dependencies, each with its kind, target and line", () => {
    const { packages } = read({
      "Cargo.toml": `[package]
name = "first"
[lib]
crate-type = ["cdylib", "rlib"]
[dependencies]
serde = "1"
py-three = { package = "pyo3", version = "0.18", features = ["abi3"] }
local = { path = "crates/local", optional = true }
[target.'cfg(windows)'.dependencies]
winapi = "0.3"
[dev-dependencies]
pyo3 = { version = "0.18", features = ["auto-initialize"] }
[build-dependencies.pyo3-build-config]
features = ["resolve-config"]
version = "0.18"
`,
    });
    const [found] = packages;
    expect(found).toMatchObject({ name: "first", folder: "", manifest: "Cargo.toml", isExtension: true });
    expect(found?.dependencies.map(({ name, alias, kind, target, path, optional, span }) => [name, alias, kind, target, path, optional, span.line])).toEqual([
      ["serde", "serde", "normal", undefined, undefined, false, 6],
      ["pyo3", "py_three", "normal", undefined, undefined, false, 7],
      ["local", "local", "normal", undefined, "crates/local", true, 8],
      ["pyo3-build-config", "pyo3_build_config", "build", undefined, undefined, false, 15],
      ["pyo3", "pyo3", "dev", undefined, undefined, false, 12],
      ["winapi", "winapi", "normal", "cfg(windows)", undefined, false, 10],
    ]);
    expect(found?.pyo3).toMatchObject({
      version: "0.18.0",
      isLocked: false,
      admits: { lowest: "0.18.0", below: "0.19.0" },
      features: ["abi3"],
      alias: "py_three",
    });
  });

  it("inherits from the workspace above it, its lock too", () => {
    const { packages } = read({
      "Cargo.toml": `[workspace]
members = ["crates/*"]
exclude = ["apart"]
[workspace.dependencies]
pyo3 = { version = "0.21", features = ["abi3"] }
[profile.release]
panic = "abort"
`,
      "Cargo.lock": lock,
      "crates/first/Cargo.toml": `[package]\nname = "first"\n[dependencies]\npyo3 = { workspace = true, features = ["serde"] }\n`,
      "apart/Cargo.toml": `[package]\nname = "apart"\n[dependencies]\npyo3 = "0.18"\n`,
    });
    const [first, apart] = packages;
    expect(first?.pyo3).toMatchObject({ version: "0.21.2", isLocked: true, features: ["abi3", "serde"], span: { file: "Cargo.toml", line: 5 } });
    expect(first?.pyo3?.locked).toMatchObject({ file: "Cargo.lock", line: 17 });
    expect(first?.profiles).toMatchObject([{ name: "release", panic: "abort", span: { line: 7 } }]);
    expect(apart).toMatchObject({ profiles: [], pyo3: { version: "0.18.0", isLocked: false } });
  });

  it("takes the locked version its requirement admits", () => {
    const { packages } = read({ "Cargo.toml": `[package]\nname = "other"\n[dependencies]\npyo3 = "0.18.1"\n`, "Cargo.lock": lock });
    expect(packages[0]?.pyo3).toMatchObject({ version: "0.18.3", isLocked: true, locked: { line: 12 } });
  });

  it("switches features of PyO3 on by its default features and by maturin's", () => {
    const { packages } = read({
      "Cargo.toml": `[package]\nname = "first"\n[dependencies]\npyo3 = "0.23"\n[features]\ndefault = ["small"]\nsmall = ["pyo3/abi3"]\nnever = ["pyo3/py-clone"]\n`,
      "pyproject.toml": `[tool.maturin]\nfeatures = ["pyo3/extension-module"]\n`,
    });
    expect(packages[0]?.pyo3?.features).toEqual(["abi3", "extension-module"]);
  });

  it("owns the files of its folder, and the library it names", () => {
    const project = read({
      "Cargo.toml": `[package]\nname = "outer"\n`,
      "inner/Cargo.toml": `[package]\nname = "inner"\n`,
    });
    expect(packageOf(project, "src/lib.rs")?.name).toBe("outer");
    expect(packageOf(project, "inner/src/lib.rs")?.name).toBe("inner");
    const elsewhere = read({ "second/Cargo.toml": `[package]\nname = "second"\n[lib]\npath = "../src/lib.rs"\n` });
    expect(packageOf(elsewhere, "src/lib.rs")?.name).toBe("second");
    expect(packageOf(elsewhere, "src/other.rs")).toBeUndefined();
  });
});

describe("build settings", () => {
  it("name the free-threaded Pythons that wheels are built for", () => {
    const { freeThreadedBuilds, compilerFlags } = read({
      "pyproject.toml": `[project]
name = "first"
classifiers = [
  "Programming Language :: Rust",
  "Programming Language :: Python :: Free Threading :: 2 - Beta",
]
[tool.cibuildwheel]
build = "cp312-* cp313t-*"
`,
      ".github/workflows/wheels.yml": `jobs:\n  build:\n    # not 3.14t\n    python: [3.13, 3.13t, "3.13t"]\n`,
      ".cargo/config.toml": `[build]\nrustflags = ["-C", "opt-level=3", "--cfg", "pyo3_disable_reference_pool"]\n[target.x86_64-unknown-linux-gnu]\nrustflags = "--cfg=one"\n`,
    });
    expect(freeThreadedBuilds.map(({ python, text, span }) => [python, text, span.file, span.line])).toEqual([
      [undefined, "Programming Language :: Python :: Free Threading :: 2 - Beta", "pyproject.toml", 5],
      ["3.13t", "cp313t", "pyproject.toml", 8],
      ["3.13t", "3.13t", ".github/workflows/wheels.yml", 4],
    ]);
    expect(compilerFlags.map(({ name, span }) => [name, span.line])).toEqual([
      ["pyo3_disable_reference_pool", 2],
      ["one", 4],
    ]);
  });

  it("promise nothing that they leave out", () => {
    const { freeThreadedBuilds } = read({
      "pyproject.toml": `[project]\nname = "first"\nclassifiers = ["Programming Language :: Python :: Free Threading :: 1 - Unstable"]\n[tool.cibuildwheel]\nenable = ["cpython-freethreading"]\nskip = "cp31?t-*"\n`,
    });
    expect(freeThreadedBuilds).toEqual([]);
  });
});

describe("files that are no TOML", () => {
  it("are told, and the others are read", () => {
    const { packages, notifications } = read({
      "Cargo.toml": `[package]\nname = "first"\n[dependencies]\npyo3 = "0.18"\n`,
      "broken/Cargo.toml": "[package]\nname = \n",
      "Cargo.lock": "<<<<<<< ours\n",
      "pyproject.toml": "\u0000",
    });
    expect(packages.map(({ name }) => name)).toEqual(["first"]);
    expect(notifications.map(({ file, line }) => [file, line])).toEqual([
      ["broken/Cargo.toml", 2],
      ["Cargo.lock", 1],
      ["pyproject.toml", 1],
    ]);
  });

  it.each(["[dependencies]\npyo3 = 3\n", "dependencies = 1\n", "[[package]]\n", "[package]\nname = 1\n[target]\nx = 1\n", '[[package]]\nname = "a"\n'])(
    "and odd ones take nothing with them: %j",
    (text) => {
      expect(read({ "Cargo.toml": text, "Cargo.lock": text }).notifications).toEqual([]);
    },
  );

  it("are told from others by name", () => {
    expect(
      ["Cargo.toml", "a/Cargo.lock", ".cargo/config", "a/.cargo/config.toml", "pyproject.toml", ".github/workflows/ci.yml"].filter(isCargoFile),
    ).toHaveLength(6);
    expect(["cargo.toml", "NotCargo.toml", "src/lib.rs", "config.toml", "ci.yml"].filter(isCargoFile)).toEqual([]);
  });
});
