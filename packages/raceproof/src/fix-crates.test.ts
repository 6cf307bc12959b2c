// Patches of crates, applied in memory: waits without the interpreter, releases of PyO3 without a defect. What they change is audited again.
import { describe, expect, it } from "vitest";
import { auditForFixes } from "./fix-audit.ts";
import { applyEdits } from "./fixes/index.ts";
import type { FixAnswer } from "./vocabulary/index.ts";

const waiting = `use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

#[pyclass]
struct Node {
    held: Option<PyObject>,
}

#[pymethods]
impl Node {
    fn __traverse__(&self, visit: pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {
        if let Some(held) = &self.held {
            visit.call(held)?;
        }
        Ok(())
    }

    fn __clear__(&mut self) {
        self.held = None;
    }

    fn pause(&self, seconds: u64) {
        thread::sleep(Duration::from_secs(seconds));
    }
}

#[pyfunction]
fn rest(py: Python<'_>, seconds: f64) -> usize {
    thread::sleep(Duration::from_secs_f64(seconds));
    py.version().len()
}

#[pyfunction]
fn rest_as_said(length: u64, said: Bound<'_, PyAny>) -> bool {
    thread::sleep(Duration::from_secs(if said.is_none() { 0 } else { length }));
    said.is_none()
}

#[pyfunction]
fn receive(callback: PyObject) -> i32 {
    let (tx, rx) = mpsc::channel::<i32>();
    thread::spawn(move || {
        Python::with_gil(|py| {
            let _ = callback.call0(py);
        });
        tx.send(1).unwrap();
    });
    rx.recv().unwrap()
}

fn inner(seconds: u64) {
    thread::sleep(Duration::from_secs(seconds));
}

#[pyfunction]
fn outer(_py: Python<'_>, seconds: u64) {
    inner(seconds)
}
`;

const setting = { importPrefix: "", lockNames: [], buildFiles: new Set<string>() };
const lockOf = (version: string): string =>
  `version = 3\n\n[[package]]\nname = "hub"\nversion = "0.1.0"\ndependencies = ["pyo3"]\n\n[[package]]\nname = "pyo3"\nversion = "${version}"\n`;
const manifestOf = (pyo3: string): string => `[package]\nname = "hub"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[dependencies]\npyo3 = ${pyo3}\n`;

function crateOf(requirement: string, locked: string): Map<string, string> {
  return new Map([
    ["Cargo.toml", manifestOf(`{ version = "${requirement}" }`)],
    ["Cargo.lock", lockOf(locked)],
    ["src/lib.rs", waiting],
  ]);
}

interface Patched {
  readonly texts: ReadonlyMap<string, string>;
  /** By the function of the hazard. */
  readonly answers: ReadonlyMap<string, FixAnswer>;
  /** Rules that still find something. */
  readonly left: readonly string[];
}

async function patched(texts: ReadonlyMap<string, string>, rule: RegExp): Promise<Patched> {
  const round = await auditForFixes(texts, setting);
  const answers = new Map<string, FixAnswer>();
  for (const hazard of round.hazards.filter((each) => rule.test(each.rule))) {
    const answer = await round.propose(hazard);
    if (answer !== undefined) answers.set(hazard.function, answer);
  }
  const edits = [...answers.values()].flatMap((answer) => (answer.kind === "fix" ? answer.edits : []));
  const after = new Map(
    [...texts].map(([path, text]) => [
      path,
      applyEdits(
        text,
        edits.filter(({ file }) => file === path),
      ),
    ]),
  );
  return { texts: after, answers, left: (await auditForFixes(after, setting)).hazards.map((each) => `${each.rule} ${each.function}`) };
}

function added(before: string, after = ""): string[] {
  const old = new Set(before.split("\n"));
  return after.split("\n").flatMap((line) => (old.has(line) ? [] : [line.trim()]));
}

describe("waits in Rust", () => {
  const rule = /^rust\/(?:long-work|join-while)-attached$/;

  it.each([
    ["0.25.1", "allow_threads"],
    ["0.26.0", "detach"],
  ])("let go of the interpreter, as PyO3 %s calls it, unless the closure cannot have what it needs", async (version, name) => {
    const { texts, answers, left } = await patched(crateOf(`=${version}`, version), rule);
    expect(added(waiting, texts.get("src/lib.rs"))).toEqual([
      "fn pause(&self, py: pyo3::Python<'_>, seconds: u64) {",
      `py.${name}(|| thread::sleep(Duration::from_secs(seconds)));`,
      `py.${name}(|| thread::sleep(Duration::from_secs_f64(seconds)));`,
      "fn receive(py: pyo3::Python<'_>, callback: PyObject) -> i32 {",
      `py.${name}(move || rx.recv()).unwrap()`,
    ]);
    expect(answers.get("rest_as_said")).toEqual({ kind: "refusal", reason: expect.stringContaining("said (Bound<PyAny>) is bound to the interpreter") });
    expect(answers.get("inner")).toEqual({ kind: "refusal", reason: expect.stringContaining("no token of the interpreter") });
    expect(left.filter((each) => rule.test(each.split(" ")[0] ?? ""))).toEqual(["rust/long-work-attached rest_as_said", "rust/long-work-attached inner"]);
  });
});

describe("a release of PyO3 with a defect", () => {
  const rule = /^cargo\/counts-in-traversal$/;

  it.each([
    ["=0.18.3", "=0.22.3"],
    ["0.18", "0.22.3"],
    [">=0.18.1, <0.19", "0.22.3"],
  ])("is left behind for the first one without any: %s", async (requirement, raised) => {
    const { texts, answers, left } = await patched(crateOf(requirement, "0.18.3"), rule);
    expect(texts.get("Cargo.toml")).toContain(`pyo3 = { version = "${raised}" }`);
    expect(answers.get("hub")).toMatchObject({ title: expect.stringMatching(/to look after: 0\.19: .*; 0\.20: .*; 0\.21: .*; 0\.22: /) });
    expect(left).not.toContainEqual(expect.stringMatching(/^cargo/));
  });

  it("is raised where the requirement stands, the workspace's manifest too", async () => {
    const { texts } = await patched(
      new Map([
        ["Cargo.toml", '[workspace]\nmembers = ["hub"]\n\n[workspace.dependencies]\npyo3 = "0.18"\n'],
        ["Cargo.lock", lockOf("0.18.3")],
        ["hub/Cargo.toml", manifestOf("{ workspace = true }")],
        ["hub/src/lib.rs", waiting],
      ]),
      rule,
    );
    expect(texts.get("Cargo.toml")).toContain('\npyo3 = "0.22.3"\n');
  });
});
