// Calls: of methods, paths and macros. What enters: a call's node. What leaves: the event, the guards it takes, and the value it returns.
import { closureCall, elementClosures, foldingClosures, returnsOfClosure, waitsForFuture, wrappingConstructors } from "../../models/index.ts";
import { RustKind } from "../../sources/index.ts";
import { unknownRustType, withoutReferences } from "../../vocabulary/index.ts";
import type { RustCall, RustType, RustValue } from "../../vocabulary/index.ts";
import { noValue, partOf, valueOfType } from "./body.ts";
import type { RustBody } from "./body.ts";
import { targetsOfMethod, targetsOfPath } from "./call-targets.ts";
import { followMethod, guardMethodOf, itemOf, methodOwner } from "./follow-methods.ts";
import { guardIn } from "./returned-guards.ts";
import { built } from "./type-reader.ts";
import { useOf } from "./result-use.ts";
import { asyncValue, closureValue } from "./walk-control.ts";
import { noteMoved } from "./walk-expressions.ts";
import type { Walker } from "./walk-expressions.ts";

interface Callee {
  readonly form: RustCall["form"];
  readonly name: string;
  readonly path: string;
  readonly receiver: RustValue | undefined;
  /** Type arguments of a turbofish. */
  readonly generics: readonly RustType[];
  readonly targets: readonly number[];
}

function walkCall(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const callee = readCallee(body, node);
  const given = evaluateArguments(body, reader.children(reader.child(node, "arguments")), callee);
  const followed = resultOf(body, callee, given);
  const order = body.emit(node, {
    kind: "call",
    form: callee.form,
    name: callee.name,
    path: callee.path,
    receiver: callee.receiver,
    arguments: given,
    targets: callee.targets,
    returns: followed.type,
    use: useOf(reader, node),
    effects: [],
  });
  for (const { closure } of given) if (closure !== undefined) (body.scopes[closure] as { passedTo: number }).passedTo = order;
  takeGuard(body, callee, order);
  if (callee.name === "drop" && callee.form === "path") dropArgument(body, node);
  if (followed.origin.root.kind !== "none") return followed;
  return { ...followed, origin: { root: { kind: "call", order }, path: [], through: [] } };
}

function dropArgument(body: RustBody, node: number): void {
  const [argument = -1] = body.reader.children(body.reader.child(node, "arguments"));
  if (!body.reader.is(argument, "Identifier")) return;
  const local = body.reader.name(argument);
  const value = body.lookUp(local);
  if (value === undefined) return;
  body.dropLocal(local);
  body.emit(node, { kind: "drop", local, value });
}

function takeGuard(body: RustBody, { name, receiver, targets: [target = -1] }: Callee, order: number): void {
  const guard = receiver && guardMethodOf(receiver.type, name);
  const given = guardIn(body.tables.functions[target]?.returns);
  if (receiver && given !== undefined) {
    const place = { ...receiver.origin, path: [...receiver.origin.path, name] };
    return body.openGuard({ kind: given, place, type: unknownRustType, tries: false, from: order });
  }
  if (!receiver || guard === undefined) return;
  body.openGuard({ kind: guard.kind, place: receiver.origin, type: methodOwner(receiver.type), tries: guard.fails === true, from: order });
}

function readCallee(body: RustBody, node: number): Callee {
  const { reader } = body;
  let callee = reader.child(node, "function");
  let generics: readonly RustType[] = [];
  if (reader.is(callee, "GenericFunction")) {
    generics = body.tables.types.argumentsOf(callee, body.place);
    callee = reader.child(callee, "function");
  }
  if (reader.is(callee, "FieldAccess")) return methodCallee(body, callee, generics);
  if (!reader.is(callee, "Identifier", "ScopedName")) {
    const receiver = body.evaluate(callee);
    return { form: "value", name: "", path: "", receiver, generics, targets: [] };
  }
  const written = reader.text(callee).replaceAll(/\s|::<[^()]*>(?=::|$)/g, "");
  const name = written.split("::").at(-1) as string;
  if (reader.detail(node) === 1)
    return { form: "macro", name, path: body.tables.types.named(written, body.place).path, receiver: undefined, generics, targets: [] };
  const local = reader.is(callee, "Identifier") ? body.lookUp(written) : undefined;
  if (local !== undefined) return { form: "value", name: written, path: written, receiver: local, generics, targets: [] };
  const { path, targets } = targetsOfPath(body, written);
  return { form: "path", name, path, receiver: undefined, generics, targets };
}

function methodCallee(body: RustBody, callee: number, generics: readonly RustType[]): Callee {
  const { reader } = body;
  const receiver = body.evaluate(reader.child(callee, "value"));
  const name = reader.name(callee);
  const owner = methodOwner(receiver.type);
  const path = owner.name === "" ? name : `${owner.path}::${name}`;
  return { form: "method", name, path, receiver, generics, targets: targetsOfMethod(body, receiver.type, name) };
}

function evaluateArguments(body: RustBody, nodes: readonly number[], callee: Callee): RustValue[] {
  return nodes.map((node) => {
    const value = argumentValue(body, node, callee);
    if (callee.form !== "macro") noteMoved(body, node);
    return value;
  });
}

function argumentValue(body: RustBody, node: number, callee: Callee): RustValue {
  const { reader } = body;
  if (reader.is(node, "Closure")) return closureValue(body, node, closureCall(callee.name) ? attachmentOf(callee.name) : {}, parameterOf(callee));
  // A future runs where it is waited for, or on some thread of a runtime.
  if (reader.is(node, "AsyncBlock") && !waitsForFuture.test(callee.name)) return asyncValue(body, node, { attachment: "spawned", otherThread: true });
  return body.evaluate(node);
}

function attachmentOf(name: string): { attachment: "attached" | "detached" | "spawned"; otherThread: boolean } {
  const { attachment, otherThread } = closureCall(name) ?? {};
  return { attachment: attachment ?? "attached", otherThread: otherThread ?? false };
}

/** What a closure given to this call gets for its parameters. */
function parameterOf({ name, receiver }: Callee): (index: number) => RustValue {
  const token = built("Python", [], "pyo3::Python");
  if (closureCall(name)?.attachment === "attached") return (index) => (index === 0 ? valueOfType(token) : noValue);
  const at = elementClosures.has(name) ? 0 : foldingClosures.has(name) ? 1 : -1;
  if (receiver === undefined || at < 0) return () => noValue;
  return (index) => (index === at ? partOf(receiver, "[]", itemOf(receiver.type)) : noValue);
}

function resultOf(body: RustBody, callee: Callee, given: readonly RustValue[]): RustValue {
  const { name, receiver, form } = callee;
  const [target] = callee.targets;
  if (target !== undefined) return valueOfType(body.tables.functions[target]?.returns ?? unknownRustType);
  const closure = given.find((value) => value.closure !== undefined);
  if (closure !== undefined && returnsOfClosure.has(name)) return valueOfType(closure.type.arguments[0] ?? unknownRustType);
  if (form === "path") return constructed(callee, given);
  return form === "method" && receiver !== undefined ? methodResult(name, receiver, given) : noValue;
}

function methodResult(name: string, receiver: RustValue, given: readonly RustValue[]): RustValue {
  if (name === "map" || name === "and_then")
    return mapped(
      receiver,
      given.find(({ closure }) => closure !== undefined),
    );
  return followMethod(receiver, name, given.length) ?? noValue;
}

/** Iterator or Option of what the closure gives. */
function mapped(receiver: RustValue, closure: RustValue | undefined): RustValue {
  const inside = closure?.type.arguments[0] ?? unknownRustType;
  const around = methodOwner(receiver.type);
  return valueOfType({ ...around, arguments: [around.name === inside.name ? (inside.arguments[0] ?? inside) : inside] });
}

/** `Mutex::new(x)`, `Some(x)`, `Vec::with_capacity(n)`. */
function constructed({ path, name, generics }: Callee, given: readonly RustValue[]): RustValue {
  const segments = path.split("::");
  const owner = segments.at(-2) ?? "";
  const [argument] = given;
  if (argument !== undefined) {
    if (/^(?:Some|Ok|Err)$/.test(name)) return { ...argument, type: built(name === "Some" ? "Option" : "Result", [argument.type]) };
    // `Arc::clone(&x)` is x.
    if (name === "clone" || owner === "mem" || owner === "ptr") return { ...argument, type: withoutReferences(argument.type) };
  }
  if (!/^[A-Z]/.test(owner)) return noValue;
  const wrapped = wrappingConstructors.has(name) ? given.slice(0, 1).map(({ type }) => type) : [];
  return valueOfType(built(owner, generics.length > 0 ? generics : wrapped, segments.slice(0, -1).join("::")));
}

/** A macro that is not read as a call. */
function walkMacro(body: RustBody, node: number): RustValue {
  body.emit(node, { kind: "macro-text", name: body.reader.name(node) });
  return noValue;
}

export const callWalkers: ReadonlyMap<number, Walker> = new Map<number, Walker>([
  [RustKind.Call, walkCall],
  [RustKind.Macro, walkMacro],
]);
