// What pybind11 and nanobind bind: which functions, methods, lambdas and fields Python reaches, and what is locked around them.
// What enters: trees of C++. What leaves: entries by function name, classes that Python objects hold. Misses: bindings made by macros and loops of
// templates; names that are computed.
import { bindingCalls, classBinders } from "../../models/index.ts";
import type { BindingRow } from "../../models/index.ts";
import { childrenWithRole, childWithRole, CKind, CRole, nameOf, parentOf, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { EntryTable } from "./entry-points.ts";
import type { NativeTypeTable } from "./type-table.ts";

/** How a bound function runs: with the section of these arguments held, or without the interpreter. */
export interface BoundSpan {
  readonly locked: readonly number[];
  readonly detached: boolean;
}

export interface Binding {
  readonly row: BindingRow;
  /** The call that binds. */
  readonly node: number;
  /** As Python sees it: "Stack.push". */
  readonly name: string;
}

/** The binding that a lambda is an argument of, directly or through a wrapper. */
export function bindingAround(tree: SyntaxTree, lambda: number): Binding | undefined {
  if (tree.language !== "cpp" || tree.kind[lambda] !== CKind.Lambda || tree.role[lambda] !== CRole.argument) return undefined;
  const call = parentOf(tree, lambda);
  return bindingAt(tree, call) ?? bindingAt(tree, parentOf(tree, call));
}

function bindingAt(tree: SyntaxTree, node: number): Binding | undefined {
  if (node < 0 || tree.kind[node] !== CKind.Call) return undefined;
  const target = childWithRole(tree, node, CRole.function);
  const row = target >= 0 && tree.kind[target] === CKind.Member ? bindingCalls.get(nameOf(tree, node)) : undefined;
  const first = childrenWithRole(tree, node, CRole.argument)[0] ?? -1;
  if (row === undefined || first < 0 || (tree.kind[first] !== CKind.String && tree.kind[first] !== CKind.Concatenation)) return undefined;
  const owner = boundClassOf(tree, target);
  return { row, node, name: `${owner === undefined ? "" : `${owner}.`}${textOf(tree, first).replaceAll('"', "")}` };
}

/** The `Stack` of `py::class_<Stack>(m, "Stack").def(...).def(...)`. */
function boundClassOf(tree: SyntaxTree, member: number): string | undefined {
  for (let at = childWithRole(tree, member, CRole.object); at >= 0 && tree.kind[at] === CKind.Call;) {
    const target = childWithRole(tree, at, CRole.function);
    if (classBinders.has(nameOf(tree, at))) return templateClass(tree, target);
    at = target >= 0 && tree.kind[target] === CKind.Member ? childWithRole(tree, target, CRole.object) : -1;
  }
  return undefined;
}

function templateClass(tree: SyntaxTree, node: number): string | undefined {
  for (let inner = tree.first[node] as number; inner <= node; inner++) {
    if (tree.kind[inner] !== CKind.TemplateUse || !classBinders.has(nameOf(tree, inner))) continue;
    const first = childrenWithRole(tree, inner, CRole.argument)[0] ?? -1;
    const type = first >= 0 && tree.kind[first] === CKind.TypeDescriptor ? childWithRole(tree, first, CRole.type) : first;
    return type < 0 ? undefined : nameOf(tree, type);
  }
  return undefined;
}

/** Classes that a binding names, whether by an expression or by a variable `py::class_<T> c(m, "T")`. */
export function collectBoundClasses(tree: SyntaxTree, types: NativeTypeTable): void {
  if (tree.language !== "cpp") return;
  for (let node = 0; node < tree.size; node++) {
    if (tree.kind[node] !== CKind.TemplateUse || !classBinders.has(nameOf(tree, node))) continue;
    const name = templateClass(tree, node);
    const struct = name === undefined ? undefined : types.resolve(types.typeNamed(name, 0)).struct;
    if (struct !== undefined) types.bind(struct);
  }
}

interface Bound {
  readonly entries: EntryTable;
  readonly spans: Map<string, BoundSpan>;
}

/** Names of the program's functions. */
export interface CallableNames {
  isFunction(name: string): boolean;
  /** Of the methods that a class's name may mean: its own or inherited one, and those of classes below. */
  methodNames(scope: string, name: string): readonly string[];
}

export function collectBindings(tree: SyntaxTree, names: CallableNames, { entries, spans }: Bound): void {
  if (tree.language !== "cpp") return;
  for (let node = 0; node < tree.size; node++) {
    const binding = tree.kind[node] === CKind.Call ? bindingAt(tree, node) : undefined;
    if (binding === undefined || binding.row.field !== undefined) continue;
    const span = spanOfBinding(tree, node);
    const callables = childrenWithRole(tree, node, CRole.argument)
      .slice(1)
      .map((argument) => callablesIn(tree, argument, binding.name, names))
      .filter((found) => found.length > 0);
    callables.slice(0, binding.row.kinds.length).forEach((found, index) => {
      const kind = binding.row.kinds[index] ?? "method";
      for (const name of found) {
        entries.set(name, [...(entries.get(name) ?? []), { kind, name: binding.name, table: "", company: companyOf(binding.name) }]);
        if (span.detached || span.locked.length > 0) spans.set(name, span);
      }
    });
  }
}

function companyOf(name: string): "initialization" | "ordinary" {
  return /(?:^|\.)(?:__init__|__setstate__)$/.test(name) ? "initialization" : "ordinary";
}

/** Names of the functions that an argument may hand over: `&T::f`, `f`, a lambda, or one of them in a cast. */
function callablesIn(tree: SyntaxTree, argument: number, bound: string, names: CallableNames): readonly string[] {
  for (let node = argument; node >= (tree.first[argument] as number); node--) {
    const kind = tree.kind[node];
    if (kind === CKind.Lambda) return [bound];
    const name = nameOf(tree, node);
    const methods = kind === CKind.Qualified ? names.methodNames(innermostScope(tree, node), name) : [];
    if (methods.length > 0) return methods;
    if ((kind === CKind.Qualified || kind === CKind.Identifier) && names.isFunction(name)) return [name];
  }
  return [];
}

/** The `Stack` of `ns::Stack::push`. */
function innermostScope(tree: SyntaxTree, node: number): string {
  const inner = childWithRole(tree, node, CRole.value);
  if (inner >= 0 && tree.kind[inner] === CKind.Qualified) return innermostScope(tree, inner);
  const scope = childWithRole(tree, node, CRole.scope);
  return scope < 0 ? "" : nameOf(tree, scope);
}

/** `nb::lock_self()`, `nb::arg("x").lock()`, `py::call_guard<py::gil_scoped_release>()` */
function spanOfBinding(tree: SyntaxTree, node: number): BoundSpan {
  const calls = childrenWithRole(tree, node, CRole.argument).filter((argument) => tree.kind[argument] === CKind.Call);
  const named = calls.filter((call) => /^(arg|lock)$/.test(nameOf(tree, call)));
  const isMethod = boundClassOf(tree, childWithRole(tree, node, CRole.function)) !== undefined;
  return {
    locked: [
      ...(calls.some((call) => nameOf(tree, call) === "lock_self") ? [0] : []),
      ...named.flatMap((call, index) => (nameOf(tree, call) === "lock" ? [index + (isMethod ? 1 : 0)] : [])),
    ],
    detached: calls.some((call) => nameOf(tree, call) === "call_guard" && /gil_scoped_release/.test(textOf(tree, call))),
  };
}
