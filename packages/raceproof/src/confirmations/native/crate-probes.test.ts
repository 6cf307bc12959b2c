// Probes are made from what a crate declares: its classes, constructors, functions and the types they take.
import { beforeAll, describe, expect, it } from "vitest";
import { analyzeRust } from "../../facts/index.ts";
import { createNameTable, openRustFrontEnd, readCargo } from "../../sources/index.ts";
import type { Hazard, RustProgram } from "../../vocabulary/index.ts";
import type { ChosenCalls } from "./choose-calls.ts";
import { describeProbe } from "./crate-bench.ts";
import { crateCandidates } from "./crate-candidates.ts";
import { probesFor } from "./crate-probes.ts";

const source = `use pyo3::prelude::*;
use std::thread;

#[pyclass(name = "Knot")]
pub struct Node {
    #[pyo3(get, set)]
    held: Option<PyObject>,
}

#[pymethods]
impl Node {
    #[new]
    fn new(name: &str, held: Option<PyObject>, sizes: Vec<u32>, kind: Option<&str>) -> Self {
        Node { held }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.held)
    }

    fn tell(&self, py: Python<'_>, listener: Bound<'_, PyAny>) -> PyResult<()> {
        helper(&listener)
    }
}

fn helper(listener: &Bound<'_, PyAny>) -> PyResult<()> {
    listener.call0()?;
    Ok(())
}

#[pyfunction]
#[pyo3(name = "launch")]
fn start(node: PyRef<'_, Node>) {
    thread::spawn(|| {});
}

#[pyfunction]
fn strange(handle: somewhere::Else) {}

#[pyclass(unsendable)]
struct Cursor {}

#[pymethods]
impl Node {
    #[pyo3(signature = (key, *rest, deep = false, limit, **more))]
    fn walk(&mut self, key: String, rest: &Bound<'_, PyTuple>, deep: bool, limit: u32, more: Option<&Bound<'_, PyDict>>) -> PyResult<Cursor> {
        Ok(Cursor {})
    }

    #[getter(size)]
    fn get_size(&self) -> usize {
        0
    }

    #[staticmethod]
    fn parse(text: HashMap<String, Vec<f64>>) -> PyResult<Node> {
        todo!()
    }
}
`;

let program: RustProgram;

beforeAll(async () => {
  const { parse } = await openRustFrontEnd();
  const names = createNameTable();
  const { notifications: _, ...cargo } = readCargo([]);
  program = analyzeRust([parse({ path: "src/lib.rs", bytes: new TextEncoder().encode(source) }, names)], cargo);
});

function candidates(usages: Parameters<typeof crateCandidates>[1] = []): ReturnType<typeof crateCandidates> {
  return crateCandidates(program, usages);
}

/** By the name in Rust. */
function candidatesOf(name: string, from = candidates()): readonly string[] {
  const struct = program.structs.find((each) => each.name === name);
  if (struct !== undefined) return from.objects.find(({ key }) => key === `${struct.id}`)?.candidates ?? [];
  const fn = program.functions.find((each) => each.name === name);
  return from.calls.find(({ key }) => key === `${program.structs.length + (fn?.id ?? -1)}`)?.candidates ?? [];
}

/** What the agent would answer if it took the first candidate of everything but `strange`. */
function firstOfEach(): ChosenCalls {
  const { names, objects, calls } = candidates();
  const nameOf = (key: string): string => `m.${names[key]?.name ?? ""}`;
  const filled = (text = ""): string =>
    text.replaceAll(/([@$])(\d+)\1/g, (_, kind: string, key: string) =>
      kind === "@" ? nameOf(key) : filled(objects.find((each) => each.key === key)?.candidates[0]),
    );
  const taken = [...objects, ...calls].filter(({ candidates: [first = ""] }) => !filled(first).startsWith("m.strange"));
  return new Map(taken.map(({ key, candidates: [first] }) => [key, [{ text: filled(first), keeps: filled(first).includes("held=o"), raised: false }]]));
}

function plan(text: string, severity: Hazard["severity"], file = "src/lib.rs"): ReturnType<typeof probesFor> {
  const line = source.slice(0, source.indexOf(text)).split("\n").length;
  const span = { file, line, column: 0, endLine: line, endColumn: 0 };
  return probesFor(program, { span, severity, function: "", accesses: [] } as unknown as Hazard, firstOfEach());
}

function probes(text: string, severity: Hazard["severity"], file = "src/lib.rs"): string[] {
  return plan(text, severity, file).probes.map(describeProbe);
}

describe("candidates", () => {
  it("are made of types: small values, then other ones", () => {
    const [first, ...others] = candidatesOf("Node");
    expect(first).toMatch(/^@\d+@\('a', \[1\]\)$/);
    expect(others).toContainEqual(expect.stringContaining("o, [1]"));
  });

  it("follow signatures: what may be left out is, what is named is named, what collects gets nothing", () => {
    expect(candidatesOf("walk")[0]).toBe("r.walk('a', limit=1)");
    expect(candidatesOf("walk")).toContain("r.walk('a', deep=True, limit=1)");
  });

  it("reach classes through what returns them, and methods of classes by the class", () => {
    expect(candidatesOf("Cursor")[0]).toMatch(/^k\(\$\d+\$\)\.walk\('a', limit=1\)$/);
    expect(candidatesOf("parse")[0]).toMatch(/^@\d+@\.parse\(\{'a': \[1\.0\]\}\)$/);
    expect(candidatesOf("get_size")).toEqual(["r.size"]);
  });

  it("are taken from tests and documents", () => {
    const step = { text: "got = parse(launch(read('x, y)'), 2), 3)", line: 1, form: "other", loads: [], stores: [], uses: ["parse", "launch"] } as const;
    const usage = { file: "t.py", line: 1, name: "t", module: undefined, moduleNames: new Set<string>(), testCase: undefined, parameters: [], steps: [step] };
    expect(candidatesOf("start", candidates([usage])).at(-1)).toMatch(/^@\d+@\(read\('x, y\)'\), 2\)$/);
  });
});

describe("probes", () => {
  const made = "m.Knot('a', [1])";

  it("collect while an object is alive, for what stands in a traversal", () => {
    expect(probes("visit.call", "crash")).toEqual([`collect while ${made} is alive`]);
  });

  it("make cycles for a class that leaks, through what Python may set", () => {
    expect(plan("pub struct Node", "leak").probes).toEqual([{ kind: "cycles", make: [made], call: undefined, calls: [], attributes: ["held"] }]);
  });

  it("call what Python calls, for what stands in a helper", () => {
    expect(probes("listener.call0", "deadlock")).toEqual([`2 threads in r.tell(o) with r = ${made}`]);
  });

  it("call functions by their names in Python, with objects they take", () => {
    expect(probes("thread::spawn", "deadlock")).toEqual([`2 threads in m.launch(${made})`]);
    expect(probes("thread::spawn", "crash")).toEqual([`collect after a thread ran m.launch(${made}) while ${made} is alive`, `2 threads in m.launch(${made})`]);
  });

  it("meet a method that borrows mutably with itself and with others", () => {
    const met = probes("fn walk", "wrong-answer");
    expect(met[0]).toBe(`threads in r.walk('a', limit=1) and r.walk('a', limit=1) with r = ${made}`);
    expect(met).toContain(`threads in r.walk('a', limit=1) and r.size with r = ${made}`);
  });

  it("use an object for one thread in another one", () => {
    expect(probes("struct Cursor", "wrong-answer")).toEqual([`k(${made}).walk('a', limit=1) is used by another thread`]);
  });

  it("look at the whole crate for what stands in a manifest", () => {
    expect(probes("", "crash", "Cargo.toml")).toContain(`collect after a thread ran m.launch(${made}) while ${made} is alive`);
  });

  it("are none where no call was found, and it is told which", () => {
    expect(plan("fn strange", "deadlock")).toEqual({ probes: [], missing: ["calls of strange"] });
  });
});
