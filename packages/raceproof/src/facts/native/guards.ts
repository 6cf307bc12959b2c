// Guards of C++: variables that hold a lock, a section, or let go of the interpreter until their block ends.
// What enters: a declaration. What leaves: the hold, in the body. A guard of one name and one expression parses as a function's declaration.
import { attachGuards, lockGuards, releaseGuards, sectionGuards } from "../../models/index.ts";
import { childrenWithRole, childWithRole, CKind, CRole, nameOf, textOf } from "../../sources/index.ts";
import { isKnownOrigin } from "../../vocabulary/index.ts";
import type { NativeHold, NativeOrigin } from "../../vocabulary/index.ts";
import { typeNameOf } from "./declarators.ts";
import { unknownType } from "./type-table.ts";
import type { WalkContext } from "./walk-context.ts";
import { addressOf, addressOfName } from "./walk-expression.ts";

/** @returns whether the declaration is one of a guard */
export function openGuard(walk: WalkContext, declaration: number): boolean {
  const { tree } = walk.reader;
  const type = typeNameOf(tree, declaration);
  const kind = tree.language === "cpp" ? kindOf(walk, type) : undefined;
  if (kind === undefined) return false;
  if (kind === "attached") return attach(walk, declaration);
  for (const declarator of childrenWithRole(tree, declaration, CRole.declarator)) {
    const hold: NativeHold = { kind, objects: objectsOf(walk, declarator), since: walk.body.next, span: walk.reader.spanOf(declarator) };
    walk.body.guards.set(nameOf(tree, declarator), hold);
    walk.body.environment.declare(nameOf(tree, declarator), { ...unknownType, name: type });
    if (!/\b(defer_lock|try_to_lock)\b/.test(textOf(tree, declarator))) walk.body.open(hold);
  }
  return true;
}

/** Until its block ends, the thread has the interpreter again. */
function attach(walk: WalkContext, declaration: number): true {
  const { body, reader } = walk;
  const place = reader.placeOf(declaration);
  body.record({ kind: "call", callee: typeNameOf(reader.tree, declaration), targets: [], arguments: [], passed: [], effect: "suspends" }, place);
  body.guards.set(place.text, { kind: "detached", objects: [], since: body.next, span: place.span });
  body.close(({ kind }) => kind === "detached");
  return true;
}

/** By its name, by what it is another name for, or by the guard it consists of. */
function kindOf({ types }: WalkContext, written: string): NativeHold["kind"] | "attached" | undefined {
  const { name, struct } = types.resolve(types.typeNamed(written, 0));
  for (const type of [written, name, ...(struct === undefined ? [] : types.fieldTypesOf(struct))]) {
    if (lockGuards.has(type)) return "lock";
    if (sectionGuards.has(type)) return "section";
    if (releaseGuards.has(type)) return "detached";
    if (attachGuards.has(type)) return "attached";
  }
  return undefined;
}

function objectsOf(walk: WalkContext, declarator: number): NativeOrigin[] {
  const { tree } = walk.reader;
  const list = childWithRole(tree, declarator, CRole.value);
  const written =
    list >= 0 && tree.kind[list] === CKind.InitializerList ? childrenWithRole(tree, list, CRole.value) : childrenWithRole(tree, declarator, CRole.argument);
  const named = childrenWithRole(tree, declarator, CRole.parameter).map((parameter) => addressOfName(walk, typeNameOf(tree, parameter)));
  return [...written.map((node) => addressOf(walk, node)), ...named].map(({ origin }) => walk.body.environment.resolve(origin)).filter(isKnownOrigin);
}
