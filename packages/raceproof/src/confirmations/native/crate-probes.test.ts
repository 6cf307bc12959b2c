// Probes are made from what a crate declares: its classes, constructors, functions and the types they take.
import { beforeAll, describe, expect, it } from "vitest";
import { analyzeRust } from "../../facts/index.ts";
import { createNameTable, openRustFrontEnd, readCargo } from "../../sources/index.ts";
import type { Hazard, RustProgram } from "../../vocabulary/index.ts";
import { describeProbe } from "./confirm-crate.ts";
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
`;

let program: RustProgram;

beforeAll(async () => {
  const { parse } = await openRustFrontEnd();
  const names = createNameTable();
  const { notifications: _, ...cargo } = readCargo([]);
  program = analyzeRust([parse({ path: "src/lib.rs", bytes: new TextEncoder().encode(source) }, names)], cargo);
});

function probes(text: string, severity: Hazard["severity"], file = "src/lib.rs"): string[] {
  const line = source.slice(0, source.indexOf(text)).split("\n").length;
  const span = { file, line, column: 0, endLine: line, endColumn: 0 };
  return probesFor(program, { span, severity, function: "" } as Hazard).map(describeProbe);
}

describe("probes", () => {
  const made = "m.Knot('a', o, [1], None)";

  it("collect while an object is alive, for what stands in a traversal", () => {
    expect(probes("visit.call", "crash")).toEqual([`collect while ${made} is alive`]);
  });

  it("make cycles for a class that leaks", () => {
    expect(probes("pub struct Node", "leak")).toEqual([`cycles through ${made}`]);
  });

  it("call what Python calls, for what stands in a helper", () => {
    expect(probes("listener.call0", "deadlock")).toEqual([`2 threads in r.tell(f) with r = ${made}`]);
  });

  it("call functions by their names in Python, with objects they take", () => {
    expect(probes("thread::spawn", "deadlock")).toEqual([`2 threads in m.launch(${made})`]);
    expect(probes("thread::spawn", "crash")).toEqual([`collect after a thread ran m.launch(${made}) while ${made} is alive`, `2 threads in m.launch(${made})`]);
  });

  it("look at the whole crate for what stands in a manifest", () => {
    expect(probes("", "crash", "Cargo.toml").slice(0, 2)).toEqual([
      `collect while ${made} is alive`,
      `collect after a thread ran m.launch(${made}) while ${made} is alive`,
    ]);
  });

  it("are none where an argument cannot be made", () => {
    expect(probes("fn strange", "deadlock")).toEqual([]);
  });
});
