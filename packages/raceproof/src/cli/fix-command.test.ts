// The built command line proposing fixes: what is shown applies and is audited clean, what cannot be checked is not shown.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bin/raceproof.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "raceproof-fix-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function raceproof(cwd: string, ...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...process.env, RACEPROOF_CACHE: join(scratch, "cache") } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

let projects = 0;

/** A repository with one commit. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, `project${++projects}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  execFileSync("git", ["init", "-q", folder]);
  execFileSync("git", ["-C", folder, "add", "."]);
  execFileSync("git", ["-C", folder, "-c", "user.name=A. Author", "-c", "user.email=author@example.invalid", "commit", "-qm", "base"]);
  return folder;
}

async function rulesIn(folder: string): Promise<string[]> {
  const { out } = await raceproof(folder, "audit", ".", "--quiet", "--output-format", "json");
  return JSON.parse(out).findings.map(({ rule, function: name }: { rule: string; function: string }) => `${rule} ${name}`);
}

const bag = `#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject **items;
    Py_ssize_t size;
} Bag;

static PyTypeObject Bag_Type;

static int copy_items(Bag *self, Bag *other)
{
    PyObject **items = PyMem_Malloc(other->size * sizeof(PyObject *));
    if (items == NULL) return -1;
    for (Py_ssize_t i = 0; i < other->size; i++) items[i] = Py_NewRef(other->items[i]);
    PyMem_Free(self->items);
    self->items = items;
    self->size = other->size;
    return 0;
}

static PyObject *Bag_first(Bag *self, PyObject *Py_UNUSED(ignored))
{
    if (self->size == 0) Py_RETURN_NONE;
    return Py_NewRef(self->items[0]);
}

static PyObject *Bag_assign(Bag *self, PyObject *arg)
{
    if (!PyObject_TypeCheck(arg, &Bag_Type)) {
        PyErr_SetString(PyExc_TypeError, "not a Bag");
        return NULL;
    }
    Bag *other = (Bag *)arg;
    if (copy_items(self, other) < 0) return PyErr_NoMemory();
    Py_RETURN_NONE;
}

static PyMethodDef Bag_methods[] = {
    {"first", (PyCFunction)Bag_first, METH_NOARGS, NULL},
    {"assign", (PyCFunction)Bag_assign, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
`;

const registry = `class Registry:
    def __init__(self):
        self.handlers = {}
        self.names = set()
        self.hits = 0

    def get(self, key):
        if key not in self.handlers:
            self.handlers[key] = []
        return self.handlers[key]

    def make(self, key):
        if key in self.handlers:
            return self.handlers[key]
        self.handlers[key] = result = len(key)
        return result

    def drop(self, key):
        if key in self.handlers:
            del self.handlers[key]  # forgotten

    def leave(self, name):
        if name in self.names:
            self.names.remove(name)

    def take(self, key):
        if key in self.handlers:
            return self.handlers.pop(key)
        return 0

    def all(self):
        return [value for key, value in self.handlers.items() if key]

    def hit(self):
        self.hits += 1
`;

describe("fixes in Python", () => {
  it("make one step of two, go through snapshots, and guard counters", async () => {
    const folder = project({ "registry.py": registry });
    const { code, out, err } = await raceproof(folder, "fix", ".");
    expect(code).toBe(0);
    const added = out.split("\n").flatMap((line) => (/^\+(?!\+)/.test(line) ? line.slice(1).trim() || [] : []));
    expect(added).toEqual([
      "import threading",
      "self._hits_lock = threading.Lock()",
      "return self.handlers.setdefault(key, [])",
      "self.handlers.pop(key, None)  # forgotten",
      "self.names.discard(name)",
      "return self.handlers.pop(key, 0)",
      "return [value for key, value in list(self.handlers.items()) if key]",
      "with self._hits_lock:",
      "self.hits += 1",
    ]);
    expect(err).toMatch(/no patch for Registry\.make: /);
    execFileSync("git", ["-C", folder, "apply", "-"], { input: out });
    expect(await rulesIn(folder)).toEqual(["python/check-then-act Registry.make"]);
  });

  it("are refused where a lock would do harm", async () => {
    const harmful = registry.replace("class Registry:\n", 'class Registry:\n    __slots__ = ("handlers", "names", "hits")\n\n');
    expect((await raceproof(project({ "registry.py": harmful }), "fix", ".", "--rule", "non-atomic-update")).err).toContain("has __slots__");
    const pickled = `import pickle\n\n\n${registry}`;
    expect((await raceproof(project({ "registry.py": pickled }), "fix", ".", "--rule", "non-atomic-update")).err).toContain("may be pickled");
  });
});

const hasCompiler = spawnSync("gcc", ["--version"]).status === 0;

describe("fixes of an extension", () => {
  it("put entry points under sections, two objects under one section, and leave nothing of the hazards", async () => {
    const folder = project({ "bag.c": bag });
    expect(await rulesIn(folder)).toEqual(expect.arrayContaining(["c/unlocked-entry-point Bag_first", "c/unlocked-entry-point Bag_assign"]));
    const { code, out } = await raceproof(folder, "fix", ".", "--no-compiler", "--rule", "c/unlocked-entry-point");
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ {4}Py_BEGIN_CRITICAL_SECTION\(self\);$/m);
    expect(out).toMatch(/^\+ {4}Py_BEGIN_CRITICAL_SECTION2\(self, (?:other|arg)\);$/m);
    execFileSync("git", ["-C", folder, "apply", "-"], { input: out });
    expect((await rulesIn(folder)).filter((each) => /unlocked|two-object/.test(each))).toEqual([]);
    expect((await raceproof(folder, "fix", ".", "--no-compiler", "--rule", "c/unlocked-entry-point")).out).toBe("");
  });

  it.runIf(hasCompiler)("are not shown where a compiler cannot check them, and the reason is told", async () => {
    const folder = project({ "bag.c": bag.replace("#include <Python.h>", '#include <Python.h>\n#include "not_here.h"') });
    const { code, out, err } = await raceproof(folder, "fix", ".");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/no patch for Bag_first.*(?:do not compile here as they are.*not_here\.h|headers was found)/);
  });

  it("are written into a clean working tree only, for one hazard when it is named", async () => {
    const folder = project({ "bag.c": bag });
    const { out } = await raceproof(folder, "audit", ".", "--quiet", "--output-format", "json", "--rule", "c/unlocked-entry-point");
    const first = JSON.parse(out).findings.find((finding: { function: string }) => finding.function === "Bag_first");
    expect((await raceproof(folder, "fix", ".", "--no-compiler", "--hazard", first.fingerprint, "--write")).code).toBe(0);
    const written = readFileSync(join(folder, "bag.c"), "utf8");
    expect(written).toContain("Bag_first_lock_held(self, ignored);");
    expect(written).not.toContain("copy_items_lock_held");
    const again = await raceproof(folder, "fix", ".", "--no-compiler", "--write");
    expect([again.code, again.err]).toEqual([2, expect.stringContaining("not committed")]);
    expect((await raceproof(folder, "fix", ".", "--hazard", "nothing")).code).toBe(2);
  });
});

const crate = `use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

struct Handlers {
    first: Option<Py<PyAny>>,
    rest: Vec<(u32, Py<PyAny>)>,
}

#[pyclass]
struct Hub {
    callback: Py<PyAny>,
    by_name: HashMap<String, Option<Py<PyAny>>>,
}

#[pymethods]
impl Hub {
    fn set(&mut self, name: String, value: Py<PyAny>) {
        self.by_name.insert(name, Some(value));
    }
}

#[pyclass]
struct Node {
    left: Option<Py<PyAny>>,
    handlers: Handlers,
}

#[pymethods]
impl Node {
    fn add(&mut self, value: Py<PyAny>) {
        self.handlers.rest.push((0, value));
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(left) = &self.left {
            visit.call(left)?;
        }
        Ok(())
    }
}

#[pyclass]
struct Locked {
    value: std::sync::Mutex<Option<Py<PyAny>>>,
}

#[pymethods]
impl Locked {
    fn put(&self, value: Py<PyAny>) {
        *self.value.lock().unwrap() = Some(value);
    }
}
`;
const manifest = '[package]\nname = "hub"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\npyo3 = "0.29"\n';

describe("fixes in Rust", () => {
  it("show every owned field to the collector, through options, containers and local types, and let go of what can be empty", async () => {
    const folder = project({ "Cargo.toml": manifest, "src/lib.rs": crate });
    const { code, out, err } = await raceproof(folder, "fix", ".");
    expect(code).toBe(0);
    for (const line of [
      "visit.call(&self.callback)?;",
      "for value in self.by_name.values() {",
      "if let Some(each2) = value {",
      "if let Some(each) = &self.handlers.first {",
      "for each in self.handlers.rest.iter() {",
      "visit.call(&each.1)?;",
      "self.by_name.clear();",
      "self.handlers.first = None;",
    ])
      expect(out).toMatch(new RegExp(`^\\+ +${line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`, "m"));
    expect(err).toMatch(/no patch for Locked: value holds objects in a way that a traverse cannot go/);
    execFileSync("git", ["-C", folder, "apply", "-"], { input: out });
    expect(await rulesIn(folder)).toEqual(["rust/missing-traverse Locked"]);
  });

  it("are not needed where a comment answers for the class", async () => {
    const answered = crate.replace("#[pyclass]\nstruct Locked", "// raceproof: allow[rust/missing-traverse] there is one, for good\n#[pyclass]\nstruct Locked");
    const folder = project({ "Cargo.toml": manifest, "src/lib.rs": answered });
    expect(await rulesIn(folder)).not.toContain("rust/missing-traverse Locked");
  });
});
