// The arrays of a tree are what syntax-tree.ts promises, whatever the source: damaged, arbitrary, or nested without end.
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { SyntaxTree } from "../syntax-tree.ts";
import { createNameTable } from "./byte-name-table.ts";
import { PythonKind, pythonKindNames, PythonRole, pythonRoleNames } from "./kinds.ts";
import { parsePython, parsePythonExpression } from "./parse-python.ts";

const names = createNameTable();
const parse = (text: string): SyntaxTree => parsePython(new TextEncoder().encode(text), names);

/** The first thing about a tree's arrays that is not as promised, or undefined. */
function findMalformation(tree: SyntaxTree): string | undefined {
  const root = tree.size - 1;
  if (tree.kind[root] !== PythonKind.Module || tree.first[root] !== 0 || tree.role[root] !== 0) return "root";
  const hasParent = new Uint8Array(tree.size);
  for (let node = 0; node < tree.size; node++) {
    const problem = problemWithNode(tree, node) ?? problemWithChildren(tree, node, hasParent);
    if (problem !== undefined) return `node ${node} ${pythonKindNames[tree.kind[node]! - 1]}: ${problem}`;
  }
  return hasParent.subarray(0, root).every(Boolean) ? undefined : "orphan";
}

function problemWithNode(tree: SyntaxTree, node: number): string | undefined {
  if (pythonKindNames[tree.kind[node]! - 1] === undefined) return "kind";
  if (node < tree.size - 1 && pythonRoleNames[tree.role[node]! - 1] === undefined) return "role";
  return tree.start[node]! > tree.end[node]! || tree.end[node]! > tree.source.length ? "extent" : undefined;
}

function problemWithChildren(tree: SyntaxTree, node: number, hasParent: Uint8Array): string | undefined {
  const { first, start, end } = tree;
  let next = Number.POSITIVE_INFINITY;
  let child = node - 1;
  for (; child >= first[node]!; child = first[child]! - 1) {
    if (hasParent[child]) return `child ${child} of two`;
    hasParent[child] = 1;
    // Decorators come before the definition they belong to.
    const isInside = tree.role[child] === PythonRole.decorator_list || (start[child]! >= start[node]! && end[child]! <= end[node]!);
    if (!isInside) return `child ${child} outside`;
    if (end[child]! > next) return `child ${child} overlaps the next`;
    next = start[child]!;
  }
  return child === first[node]! - 1 ? undefined : "first";
}

/** Sources to damage: this folder's own Python, and a piece of every construct. */
const constructs = `@d(a)\nclass A[T: int = str](B, *c, k=v, **e):\n    """doc"""\n    x: int = 0x1F\n    async def f(self, a, /, b=1, *args, c: t = 2, **kw) -> None:
        async with (a as b, c): await self.x[1:2, ...]\n        async for i, *j in x: yield f"{i!r:>{j}} {{ {k=} }}", rb'x'\n        else: return lambda *a, **k: (yield)
try:\n    a, b = c.d = e if f else not g\nexcept* (A, B) as e:\n    raise X from e\nelse: pass\nfinally: del a.b, c[0]
match x, y:\n    case [1, -2.5j, *_] | {"a": b, **r} if z: pass\n    case A.B(c, d=(None | "s")) as q: x += [i for i in j if k async for l in m]
type X[*T, **P] = int\nfrom ..a.b import (c as d, e)\nimport os.path as p\nglobal g\nwhile x := 1: break\nif a: b; c\nelif d:\n\tpass
else:\n  assert x, {**a, 'b': {c, *d}, e: t'{x}'}\n`;
const ownPython = new URL("oracle/", import.meta.url);
const seeds = [
  constructs,
  ...readdirSync(ownPython)
    .filter((name) => name.endsWith(".py"))
    .map((name) => readFileSync(new URL(name, ownPython), "utf8")),
];

const fragments = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ":",
  ",",
  ";",
  "\n",
  "\n    ",
  "\r",
  "\t",
  "\\\n",
  "'",
  '"""',
  "f'{",
  "}'",
  "=",
  ":=",
  "*",
  "**",
  "@",
  ".",
  "...",
  "\0",
  "#",
  "0x",
  "1e",
  "\u00e9",
  "\ud800",
  "if ",
  "else",
  "elif ",
  "for ",
  " in ",
  "def f(",
  "class A",
  "lambda ",
  "match x:\n  case ",
  "case ",
  "with (",
  "try:",
  "except* ",
  "async ",
  "await ",
  "yield ",
  "import ",
  "from . import ",
  "type X",
  "not ",
  "del ",
  "print x",
  "->",
  "!r",
  "\x0c",
];

const edit = fc.record({ at: fc.nat(), remove: fc.nat(40), insert: fc.constantFrom("", ...fragments) });
const damaged = fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 6 })).map(([seed, edits]) => {
  let text = seed;
  for (const { at, remove, insert } of edits) {
    const place = at % (text.length + 1);
    text = text.slice(0, place) + insert + text.slice(place + remove);
  }
  return text;
});

describe("the check for well-formed trees", () => {
  it.each([
    ["first", (tree: SyntaxTree) => (tree.first[3] = 1)],
    ["extent", (tree: SyntaxTree) => (tree.end[1] = 0)],
    ["outside", (tree: SyntaxTree) => (tree.end[2] = 4)],
    ["role", (tree: SyntaxTree) => (tree.role[0] = 0)],
    ["overlaps", (tree: SyntaxTree) => (tree.end[0] = 5)],
  ])("sees a wrong %s", (what, spoil) => {
    const tree = parse("a + b");
    expect(findMalformation(tree)).toBeUndefined();
    spoil(tree);
    expect(findMalformation(tree)).toContain(what);
  });
});

describe("whatever the source", () => {
  it("trees of sound files are well formed and without problems", () => {
    for (const seed of seeds) {
      const tree = parse(seed);
      expect(tree.problems).toEqual([]);
      expect(findMalformation(tree)).toBeUndefined();
    }
  });

  it("trees of damaged files are well formed", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        expect(findMalformation(parse(text))).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  });

  it("trees of arbitrary fragments are well formed", () => {
    const soup = fc.array(fc.oneof(fc.constantFrom(...fragments), fc.constantFrom("x", " ", "1", "a.b", "\n")), { maxLength: 60 });
    fc.assert(
      fc.property(soup, (pieces) => {
        expect(findMalformation(parse(pieces.join("")))).toBeUndefined();
      }),
      { numRuns: 1500 },
    );
  });

  it("trees of arbitrary bytes are well formed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(findMalformation(parsePython(bytes, names))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("expressions of arbitrary text are well formed", () => {
    const soup = fc.array(fc.constantFrom(...fragments, "x", " "), { maxLength: 20 });
    fc.assert(
      fc.property(soup, (pieces) => {
        expect(findMalformation(parsePythonExpression(pieces.join(""), names))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("a statement that does not parse leaves a problem inside the source", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { kind, problems, source } = parse(text);
        const hasError = kind.includes(PythonKind.Error);
        expect(problems.length > 0 || !hasError).toBe(true);
        expect(problems.every(({ offset }) => offset >= 0 && offset <= source.length)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("deep nesting", () => {
  const depth = 20_000;
  it.each([
    "(",
    "[",
    "{",
    "{1:",
    "f(",
    "a[",
    "-",
    "not ",
    "lambda: ",
    "x if y else ",
    "a ** ",
    "f'{",
    "(yield ",
    "[x for x in ",
    "with (",
    "def f(:\n",
    "match x:\n case (",
    "match x:\n case A(",
    "a[b:=",
    "await (",
    "if x:\n ",
  ])("of %j neither overflows the stack nor passes for sound", (piece) => {
    expect(parse(piece.repeat(depth)).problems.length).toBeGreaterThan(0);
  });

  it("of blocks is cut off", () => {
    const text = Array.from({ length: 2000 }, (_, level) => `${" ".repeat(level)}def f():`).join("\n");
    const tree = parse(`${text}\nx = 1`);
    expect(tree.problems.length).toBeGreaterThan(0);
    expect(findMalformation(tree)).toBeUndefined();
  });

  it.each(["a + ", "a.b().", "a < ", "a and ", "x = ", "'a' + ", "a, "])("of %j is none", (piece) => {
    expect(parse(`${piece.repeat(depth)}a`).problems).toEqual([]);
  });

  it("within CPython's limits is read", () => {
    const blocks = Array.from({ length: 99 }, (_, level) => `${" ".repeat(level)}if a:\n`).join("");
    expect(parse(`${blocks}${" ".repeat(99)}${"(".repeat(200)}a${")".repeat(200)}`).problems).toEqual([]);
  });
});
