// Facts of small Rust crates: what names mean, what types own of Python, where values come from, what is held and attached, what callers learn of callees.
import { beforeAll, describe, expect, it } from "vitest";
import { createNameTable, openRustFrontEnd, readCargo } from "../../sources/index.ts";
import type { RustFrontEnd } from "../../sources/index.ts";
import { rustTypeText } from "../../vocabulary/index.ts";
import type { RustCall, RustEvent, RustFunction, RustOrigin, RustProgram } from "../../vocabulary/index.ts";
import { analyzeRust } from "./analyze-rust.ts";

let frontEnd: RustFrontEnd;

beforeAll(async () => {
  frontEnd = await openRustFrontEnd();
});

function programOf(texts: Readonly<Record<string, string>> | string): RustProgram {
  const files = Object.entries(typeof texts === "string" ? { "src/lib.rs": texts } : texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  const names = createNameTable();
  const units = files.filter(({ path }) => path.endsWith(".rs")).map((file) => frontEnd.parse(file, names));
  return analyzeRust(units, readCargo(files));
}

function functionNamed({ functions }: RustProgram, name: string): RustFunction {
  return functions.find((fn) => fn.name === name) as RustFunction;
}

function callsIn(fn: RustFunction): RustCall[] {
  return fn.events.filter((event: RustEvent) => event.kind === "call");
}

function show({ root, path }: RustOrigin): string {
  const head = root.kind === "static" ? root.name : root.kind === "parameter" ? `p${root.index}` : root.kind;
  return [head, ...path].join(".");
}

const manifest = '[package]\nname = "my-crate"\n[dependencies]\npyo3 = "0.23"\n';

describe("names", () => {
  it("go through files, aliases, re-exports and globs", () => {
    const program = programOf({
      "Cargo.toml": manifest,
      "src/lib.rs":
        "mod deep;\npub use deep::inner::{Thing as Renamed, make};\nuse std::sync::Mutex as Lock;\n#[pyclass] struct A { a: Lock<Renamed>, b: deep::Alias<u8> }\nfn f() { make(); }",
      "src/deep.rs": "pub mod inner;\npub type Alias<T> = Vec<Option<T>>;",
      "src/deep/inner.rs": "use super::super::*;\npub struct Thing { owner: Option<Box<A>> }\npub fn make() {}",
    });
    const [a] = program.structs.filter(({ name }) => name === "A");
    expect(a?.fields.map(({ type }) => `${rustTypeText(type)} ${type.path}`)).toEqual(["Mutex<Thing> std::sync::Mutex", "Vec<Option<u8>> Vec"]);
    expect(program.structs.find(({ name }) => name === "Thing")?.fields[0]?.type.arguments[0]?.arguments[0]?.declaration).toBe(a?.id);
    expect(callsIn(functionNamed(program, "f"))[0]?.targets).toEqual([functionNamed(program, "make").id]);
    expect(program.crates[0]).toMatchObject({ name: "my-crate", pyo3: { version: "0.23.0" } });
  });

  it("tell tests apart", () => {
    const program = programOf("fn real() {}\n#[cfg(test)]\nmod tests { fn help() {} #[test] fn t() {} }");
    expect(program.functions.map(({ name, testOnly }) => [name, testOnly])).toEqual([
      ["real", false],
      ["help", true],
      ["t", true],
    ]);
  });

  it("may be nested deeper than anybody does", () => {
    const deep = `${"mod a {".repeat(3000)}${"}".repeat(3000)} fn f() { ${"{".repeat(3000)}${"}".repeat(3000)} x${".a()".repeat(3000)}; }`;
    expect(functionNamed(programOf(deep), "f").name).toBe("f");
  });

  it("end where they lead in circles", () => {
    const program = programOf(
      "mod a { pub use super::b::*; pub type X = super::b::X; }\nmod b { pub use super::a::*; pub type X = super::a::X; }\nuse a::*;\nstruct S { x: X, y: Y }",
    );
    expect(program.structs[0]?.fields).toHaveLength(2);
  });
});

describe("what types own", () => {
  const held = (type: string, more = ""): string[] =>
    programOf(`use pyo3::prelude::*;\n${more}\nstruct S { f: ${type} }`)
      .structs.at(-1)
      ?.fields[0]?.holdings.map(({ path, wrappers, type: owner, shared }) =>
        [...wrappers, ...path, rustTypeText(owner), ...(shared ? ["shared"] : [])].join(" "),
      ) ?? [];

  it.each([
    ["Option<PyObject>", ["Option Py<PyAny>"]],
    ["HashMap<String, Vec<Py<PyAny>>>", ["HashMap Vec Py<PyAny>"]],
    ["Arc<Mutex<Py<PyAny>>>", ["Arc Mutex Py<PyAny> shared"]],
    ["(u8, Py<PyAny>)", ["1 Py<PyAny>"]],
    ["&'static Py<PyAny>", []],
    ["Weak<Py<PyAny>>", []],
    ["Box<dyn Fn(Py<PyAny>)>", []],
    ["std::marker::PhantomData<Py<PyAny>>", []],
  ])("%s", (type, expected) => {
    expect(held(type)).toEqual(expected);
  });

  it("through structs, enums and type parameters of the crate, however they refer to each other", () => {
    expect(
      held("Inner<Py<PyAny>>", "struct Inner<T> { key: T, rest: Option<Box<Tree>> } enum Tree { Leaf(Py<PyAny>), Pair { left: Box<Tree>, right: Box<Tree> } }"),
    ).toEqual(["key Py<PyAny>", "Option Box rest Leaf.0 Py<PyAny>"]);
  });

  it("is found at once in a web of types that own nothing", () => {
    const web = Array.from(
      { length: 40 },
      (_, index) => `struct W${index} { ${Array.from({ length: 40 }, (_each, other) => `f${other}: Box<W${other}>`).join(", ")} }`,
    ).join("\n");
    expect(held("W0", web)).toEqual([]);
  });
});

describe("values", () => {
  it("keep their way through patterns, loops, locks and closures", () => {
    const fn = functionNamed(
      programOf(`use pyo3::prelude::*;
enum Tree { Leaf(u8), Node { left: u8 } }
struct S { map: std::collections::HashMap<String, Vec<u8>>, tree: Tree, cell: std::sync::Mutex<Option<u8>>, pair: (u8, u8) }
impl S { fn f(&self, other: &S) {
    for (key, list) in &self.map { use_it(key, list); }
    match &self.tree { Tree::Leaf(x) => use_it(x, x), Tree::Node { left, .. } => use_it(left, left) }
    if let Some(value) = self.cell.lock().unwrap().as_ref() { use_it(value, value); }
    let (_, second) = &other.pair;
    self.map.values().for_each(|each| use_it(each, second));
} }`),
      "f",
    );
    const given = callsIn(fn).filter(({ name }) => name === "use_it");
    expect(given.map(({ arguments: values }) => values.map(({ origin }) => show(origin)))).toEqual([
      ["self.map.[].[key]", "self.map.[].[value]"],
      ["self.tree.Leaf.0", "self.tree.Leaf.0"],
      ["self.tree.Node.left", "self.tree.Node.left"],
      ["self.cell.[].[]", "self.cell.[].[]"],
      ["self.map.[]", "p1.pair.1"],
    ]);
  });
});

describe("guards", () => {
  const held = (body: string): string[][] =>
    callsIn(functionNamed(programOf(`use std::sync::Mutex;\nstatic M: Mutex<u8> = Mutex::new(1);\nfn f() { ${body} }`), "f"))
      .filter(({ name }) => name.startsWith("at"))
      .map(({ name, guards }) => [name, String(guards.length)]);

  it.each([
    [
      "let g = M.lock().unwrap(); at1(); drop(g); at2();",
      [
        ["at1", "1"],
        ["at2", "0"],
      ],
    ],
    [
      "{ let g = M.lock().unwrap(); at1(); } at2();",
      [
        ["at1", "1"],
        ["at2", "0"],
      ],
    ],
    [
      "*M.lock().unwrap() += at1(); at2();",
      [
        ["at1", "0"],
        ["at2", "0"],
      ],
    ],
    ["let n = *M.lock().unwrap(); at1();", [["at1", "0"]]],
    [
      "if let Ok(g) = M.lock() { at1(); } at2();",
      [
        ["at1", "1"],
        ["at2", "0"],
      ],
    ],
    [
      "match M.lock() { Ok(g) => at1(), Err(e) => at2() }",
      [
        ["at1", "1"],
        ["at2", "1"],
      ],
    ],
  ])("%s", (body, expected) => {
    expect(held(body)).toEqual(expected);
  });
});

describe("attachment and effects", () => {
  it("follow closures", () => {
    const fn = functionNamed(
      programOf(`use pyo3::prelude::*;
fn f(py: Python<'_>) { one(); py.detach(|| { two(); Python::attach(|py| three()); }); std::thread::spawn(move || { four(); Python::with_gil(|py| five()) }); }`),
      "f",
    );
    expect(callsIn(fn).flatMap(({ name, attachment }) => (/^(one|two|three|four|five)$/.test(name) ? [`${name} ${attachment}`] : []))).toEqual([
      "one attached",
      "two detached",
      "three attached",
      "four spawned",
      "five attached",
    ]);
    expect(fn.effects.filter(({ kind }) => kind === "attaches").map(({ text }) => text)).toEqual(["Python::attach(|py| three())"]);
  });

  it("come through calls, with the place as the caller sees it", () => {
    const fn = functionNamed(
      programOf(`use pyo3::prelude::*;
struct Inner { items: Vec<Py<PyAny>> }
impl Inner { fn forget(&mut self) { self.items.clear(); } fn again(&mut self) { self.again(); self.forget(); } }
struct S { inner: Inner }
impl S { fn f(&mut self) { self.inner.again(); } }`),
      "f",
    );
    const drops = fn.effects.filter(({ kind }) => kind === "drops-python");
    expect(drops.map(({ text, place, calls }) => [text, show(place), calls.length > 1])).toContainEqual(["self.items.clear()", "self.inner.items", true]);
    expect(callsIn(fn)[0]?.effects).toEqual(expect.arrayContaining(["mutates", "drops-python"]));
  });
});

describe("what only a trait says", () => {
  const traits = `
    pub trait Shape { fn area(&self) -> f64; fn twice(&self) -> f64 { self.area() * 2.0 } }
    pub struct Disc; pub struct Tile;
    impl Shape for Disc { fn area(&self) -> f64 { 3.0 } }
    impl Shape for Tile { fn area(&self) -> f64 { 1.0 } }
    fn boxed(shape: &Box<dyn Shape>) -> f64 { shape.area() }
    fn given(shape: &impl Shape) -> f64 { shape.area() }
    fn bound<S: Shape>(shape: &S) -> f64 { shape.area() }
    fn told<S>(shape: &S) -> f64 where S: Shape + Send { shape.area() }
    fn unbound<S>(shape: &S) -> f64 { shape.area() }
  `;

  it.each([
    ["boxed", ["Disc::area", "Tile::area"]],
    ["given", ["Disc::area", "Tile::area"]],
    ["bound", ["Disc::area", "Tile::area"]],
    ["told", ["Disc::area", "Tile::area"]],
    ["twice", ["Disc::area", "Tile::area"]],
    ["unbound", []],
  ])("%s", (name, expected) => {
    const program = programOf(traits);
    const [call] = callsIn(functionNamed(program, name));
    expect(call?.targets.map((id) => program.functions[id]?.qualifiedName)).toEqual(expected);
  });
});

describe("what a moving scope takes along", () => {
  const dropsIn = (text: string): string[] =>
    functionNamed(programOf({ "Cargo.toml": manifest, "src/lib.rs": `use pyo3::prelude::*;\nuse std::sync::Arc;\n${text}` }), "run").events.flatMap((event) =>
      event.kind === "drop" ? [`${event.local} ${event.attachment}`] : [],
    );

  it("ends there", () => {
    expect(dropsIn("fn run(py: Python<'_>, a: Py<PyAny>) { py.detach(move || { look(&a); }); }")).toEqual(["a detached"]);
    expect(dropsIn("fn run(py: Python<'_>, a: Py<PyAny>) { spawn(async move { look(&a); }); }")).toEqual(["a spawned"]);
  });

  it("unless it is lent, given on, or shared with others", () => {
    expect(dropsIn("fn run(py: Python<'_>, a: Py<PyAny>) { py.detach(|| { look(&a); }); }")).toEqual(["a attached"]);
    expect(dropsIn("fn run(py: Python<'_>, a: &Py<PyAny>) { py.detach(move || { look(a); }); }")).toEqual([]);
    expect(dropsIn("fn run(py: Python<'_>, a: Py<PyAny>) { py.detach(move || { give(a); }); }")).toEqual([]);
    expect(dropsIn("fn run(py: Python<'_>, a: Arc<Py<PyAny>>) { py.detach(move || { look(&a); }); }")).toEqual([]);
  });
});

it("a module is meant where more follows, also beside a function of its name", () => {
  const program = programOf({
    "Cargo.toml": manifest,
    "src/lib.rs": "mod write; use crate::write::write; fn run() { crate::write::finish(); write(); }",
    "src/write.rs": "pub fn write() {} pub fn finish() {}",
  });
  expect(callsIn(functionNamed(program, "run")).map(({ targets }) => targets.map((id) => program.functions[id]?.qualifiedName))).toEqual([
    ["finish"],
    ["write"],
  ]);
});

it("what only a table of slots names initializes the module", () => {
  const program = programOf("fn a() {} fn b() {} static S: [Slot; 1] = [Slot { slot: Py_mod_exec, value: crate::b as *mut c_void }];");
  expect(program.functions.map(({ exposed }) => exposed)).toEqual([undefined, "module"]);
});
