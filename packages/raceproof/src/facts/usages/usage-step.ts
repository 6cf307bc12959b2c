// A statement's syntax in, a step of a usage out: its text, the names it takes and leaves, and what of an object it uses.
import {
  childWithRole,
  columnAt,
  ExpressionContext,
  lineAt,
  nameOf,
  PythonKind as K,
  PythonOperator,
  PythonRole as R,
  type SyntaxTree,
  textOf,
} from "../../sources/index.ts";
import type { UsageStep } from "../../vocabulary/index.ts";

export function usageStepOf(tree: SyntaxTree, statement: number): UsageStep {
  const loads = new Set<string>();
  const stores = new Set<string>();
  const uses = new Set<string>();
  for (let node = tree.first[statement] as number; node <= statement; node++) {
    noteNames(tree, node, { loads, stores });
    // A definition runs nothing of what it holds.
    if (!isDefinition(tree.kind[statement] as number)) for (const use of usesOf(tree, node)) uses.add(use);
  }
  const start = tree.start[statement] as number;
  return {
    text: dedented(textOf(tree, statement), columnAt(tree, start)),
    line: lineAt(tree, start),
    form: formOf(tree.kind[statement] as number),
    loads: [...loads],
    stores: [...stores],
    uses: [...uses],
  };
}

function isDefinition(kind: number): boolean {
  return kind === K.FunctionDef || kind === K.AsyncFunctionDef || kind === K.ClassDef;
}

function formOf(kind: number): UsageStep["form"] {
  if (kind === K.Import || kind === K.ImportFrom) return "import";
  return kind === K.Expr ? "expression" : "other";
}

function dedented(text: string, column: number): string {
  const [first = "", ...others] = text.split("\n");
  return [first, ...others.map((line) => (line.slice(0, column).trim() === "" ? line.slice(column) : line))].join("\n");
}

function noteNames(tree: SyntaxTree, node: number, { loads, stores }: { loads: Set<string>; stores: Set<string> }): void {
  switch (tree.kind[node]) {
    case K.Name:
      (tree.detail[node] === ExpressionContext.Store ? stores : loads).add(nameOf(tree, node));
      break;
    case K.FunctionDef:
    case K.ClassDef:
      stores.add(nameOf(tree, node));
      break;
    case K.alias:
      stores.add(importedName(tree, node));
      break;
    default:
  }
}

/** `import a.b` binds a, `import a as b` and `from a import c as b` bind b. */
function importedName(tree: SyntaxTree, alias: number): string {
  const other = childWithRole(tree, alias, R.asname);
  const text = other >= 0 ? nameOf(tree, other) : textOf(tree, alias);
  return text.split(/[.\s]/)[0] ?? text;
}

const specialOfBuiltin: ReadonlyMap<string, string> = new Map([
  ["len", "__len__"],
  ["iter", "__iter__"],
  ["list", "__iter__"],
  ["tuple", "__iter__"],
  ["sorted", "__iter__"],
  ["set", "__iter__"],
  ["dict", "keys"],
  ["next", "__next__"],
  ["repr", "__repr__"],
  ["str", "__str__"],
  ["bool", "__bool__"],
  ["reversed", "__reversed__"],
  ["hash", "__hash__"],
]);

const specialOfSubscript: readonly string[] = ["__getitem__", "__setitem__", "__delitem__"];

/** What the node may run of the object it works on. */
function usesOf(tree: SyntaxTree, node: number): string[] {
  switch (tree.kind[node]) {
    case K.Attribute:
      return [nameOf(tree, node)];
    case K.Call: {
      const func = childWithRole(tree, node, R.func);
      if (func < 0 || tree.kind[func] !== K.Name) return [];
      const name = nameOf(tree, func);
      return [name, "__call__", ...(specialOfBuiltin.has(name) ? [specialOfBuiltin.get(name) as string] : [])];
    }
    case K.Subscript:
      return [specialOfSubscript[tree.detail[node] as number] ?? "__getitem__"];
    case K.CompareOperator:
      return specialsOfOperator(tree.detail[node] as number);
    case K.For:
    case K.comprehension:
      return ["__iter__", "__next__"];
    case K.With:
      return ["__enter__", "__exit__"];
    default:
      return [];
  }
}

function specialsOfOperator(operator: number): string[] {
  if (operator === PythonOperator.In || operator === PythonOperator.NotIn) return ["__contains__"];
  return operator === PythonOperator.Eq || operator === PythonOperator.NotEq ? ["__eq__"] : [];
}
