// The parser's door: positions, shared names, and single expressions.
import { describe, expect, it } from "vitest";
import { lineAt, type NameTable, nameOf, type SyntaxTree } from "../syntax-tree.ts";
import { createNameTable } from "./byte-name-table.ts";
import { PythonKind } from "./kinds.ts";
import { parsePython, parsePythonExpression } from "./parse-python.ts";
import { outlineOf } from "./tree-outline.ts";

const names = createNameTable();
const parse = (text: string): SyntaxTree => parsePython(new TextEncoder().encode(text), names);

describe("positions", () => {
  it("are bytes, on lines that end in any way", () => {
    const tree = parse("\u00e9\u00e9 = 1\r\nb\rc\n\fd");
    expect([...tree.lineStarts]).toEqual([0, 10, 12, 14]);
    expect(lineAt(tree, tree.start[tree.kind.lastIndexOf(PythonKind.Name)]!)).toBe(4);
    expect(tree.start[tree.kind.indexOf(PythonKind.Constant)]).toBe(7);
  });

  it("begin behind a byte order mark", () => {
    const tree = parse("\ufeffx");
    expect(tree.problems).toEqual([]);
    expect([...tree.start]).toEqual([3, 3, 3]);
    expect([...tree.lineStarts]).toEqual([3]);
  });
});

describe("names", () => {
  it("are shared by the trees of one table", () => {
    const [a, b] = [parse("shared"), parse("x = shared")];
    expect(a.name[0]).toBe(b.name[1]);
  });

  it("go to any table", () => {
    const texts = [""];
    const table: NameTable = {
      text: (id) => texts[id] ?? "",
      intern: (text) => {
        if (!texts.includes(text)) texts.push(text);
        return texts.indexOf(text);
      },
    };
    const tree = parsePython(new TextEncoder().encode("import a.b as c"), table);
    expect([nameOf(tree, 0), nameOf(tree, 1)]).toEqual(["c", "a.b"]);
    expect(texts).toEqual(["", "c", "a.b"]);
  });
});

describe("parsePythonExpression", () => {
  it("reads one expression on any number of lines", () => {
    const tree = parsePythonExpression("  Dict[\n'A',\nint] |\n None", names);
    expect(tree.problems).toEqual([]);
    expect(outlineOf(tree, tree.size - 1)).toBe(
      "Module(body=Expr(value=BinOp BitOr(left=Subscript(value=Name Dict, slice=Tuple(elts=Constant String, elts=Name int)), right=Constant None)))",
    );
  });

  it.each(["", "a b", "a = b", "a\n)b", "import a", "a;b", "'"])("has a problem with %j", (text) => {
    const tree = parsePythonExpression(text, names);
    expect(tree.problems.length).toBeGreaterThan(0);
    expect(tree.kind[tree.size - 1]).toBe(PythonKind.Module);
  });
});
