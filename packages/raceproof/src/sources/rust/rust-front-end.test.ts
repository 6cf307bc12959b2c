// Rust files as the front end reads them: macros as calls and items, positions that stay, and texts that are no Rust.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createNameTable } from "../python/byte-name-table.ts";
import { childrenOf, nameOf, textOf } from "../syntax-tree.ts";
import { openRustFrontEnd, RustKind, rustKindNames, RustRole } from "./index.ts";
import type { RustFrontEnd, RustUnit } from "./index.ts";

let frontEnd: RustFrontEnd;

beforeAll(async () => {
  frontEnd = await openRustFrontEnd();
});

function parse(text: string | Uint8Array): RustUnit {
  return frontEnd.parse({ path: "lib.rs", bytes: typeof text === "string" ? Buffer.from(text) : text }, createNameTable());
}

function textsOf({ tree }: RustUnit, kind: keyof typeof RustKind): string[] {
  return [...tree.kind.keys()].filter((node) => tree.kind[node] === RustKind[kind]).map((node) => textOf(tree, node));
}

describe("macros", () => {
  it.each([
    ["vec![a.b(); n]", ["a.b()"]],
    ['println!("{}", x.lock())', ["x.lock()"]],
    ["matches!(self.f(), Some(_) | None)", ["self.f()"]],
    ["assert!(matches!(g(), A { .. }))", ["g()"]],
    ["outer!(inner![h()])", ["h()"]],
  ])("%s is read as a call", (macro, calls) => {
    const unit = parse(`fn f() { ${macro}; }`);
    expect(unit).toMatchObject({ errorBytes: 0, macrosUnread: 0 });
    expect(textsOf(unit, "Call")).toEqual(expect.arrayContaining(calls));
  });

  it.each([
    ["thread_local! { static CELL: RefCell<u32> = RefCell::new(1); }", "Static", 1],
    ["lazy_static! { static ref MAP: Map = Map::new(); static ref OTHER: u8 = 1; }", "Static", 2],
    ["wrapped!( #[pymethods] impl A { fn f(&self) {} } );", "Function", 1],
    ["macro_rules! make { ($name:ident, $($field:ident),*) => { struct $name { $($field: u8,)* } fn $name() {} }; }", "Function", 1],
  ] as const)("%s is read as items", (text, kind, count) => {
    const unit = parse(text);
    expect(unit).toMatchObject({ errorBytes: 0, macrosUnread: 0 });
    expect(textsOf(unit, kind)).toHaveLength(count);
  });

  it("that fit no form are counted and leave the rest alone", () => {
    const unit = parse("fn f() { select! { a => b, c => d }; let x = dsl!(1 2 3 =>); g(); }");
    expect(unit).toMatchObject({ errorBytes: 0, macros: 2, macrosUnread: 2 });
    expect(textsOf(unit, "Call")).toEqual(["g()"]);
    expect(textsOf(unit, "Macro")).toHaveLength(2);
  });

  it("in strings, comments and attributes are none", () => {
    const text = `#[doc = concat!("a", "b")]\nfn f() { let s = "vec![1]"; let r = r#"x!("y")"#; /* a!( */ // b!(\n let c = '"'; let l: &'static str = s; }`;
    expect(parse(text)).toMatchObject({ errorBytes: 0, macros: 0 });
  });
});

describe("trees", () => {
  it("have names, roles and the offsets of the bytes", () => {
    const unit = parse("fn grüße(x: u8) { let c = 'é'; let d = '世'; let e = '🦀'; x.call(c); }");
    const { tree } = unit;
    const call = [...tree.kind.keys()].find((node) => tree.kind[node] === RustKind.Call) as number;
    const [callee] = childrenOf(tree, call);
    expect([unit.errorBytes, textOf(tree, call), nameOf(tree, callee as number), tree.role[callee as number]]).toEqual([
      0,
      "x.call(c)",
      "call",
      RustRole.function,
    ]);
    expect(nameOf(tree, [...tree.kind.keys()].find((node) => tree.kind[node] === RustKind.Function) as number)).toBe("grüße");
  });

  it("count what does not parse", () => {
    const unit = parse("fn f() { let = ; }\nfn g() {}\n");
    expect(unit.errorBytes).toBeGreaterThan(0);
    expect(textsOf(unit, "Function").length).toBeGreaterThan(0);
  });
});

describe("texts that are no Rust", () => {
  const source =
    'use a::b;\n#[pymethods]\nimpl A { fn f(&self) -> u8 { vec![1; 2]; println!("{}", x); match y { Some(z) if z => 1, _ => 2 } } }\nmacro_rules! m { ($x:expr) => { f($x) }; }\n';

  it("never throw, and stay within their bytes", () => {
    fc.assert(
      fc.property(fc.nat(source.length), fc.nat(source.length), fc.string({ maxLength: 8 }), (from, to, inserted) => {
        const text = source.slice(0, from) + inserted + source.slice(to);
        const { tree, errorBytes } = parse(text);
        const { length } = Buffer.from(text);
        expect(errorBytes).toBeLessThanOrEqual(length + tree.problems.length);
        for (let node = 0; node < tree.size; node++) expect(tree.end[node]).toBeLessThanOrEqual(length);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["empty", Buffer.alloc(0)],
    ["zeros", Buffer.alloc(4096)],
    ["all bytes", Buffer.from(Array.from({ length: 2048 }, (_, index) => index % 256))],
    ["Latin-1", Buffer.from("fn f() { let x = '\xe9'; } // \xfc", "latin1")],
    ["deep nesting", Buffer.from(`fn f() { ${"(".repeat(3000)}1${")".repeat(3000)}; }`)],
    ["an open string", Buffer.from('fn f() { g("never closed')],
  ])("%s", (_name, bytes) => {
    const { tree } = parse(bytes);
    expect(tree.source).toBe(bytes);
    expect([...tree.kind].every((kind) => kind >= 1 && kind <= rustKindNames.length)).toBe(true);
  });
});
