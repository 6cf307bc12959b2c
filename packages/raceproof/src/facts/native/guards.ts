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
  for (const declarator of childrenWithRole(tree, declaration, CRole.declarator)) {
    const hold: NativeHold = { kind, objects: objectsOf(walk, declarator), since: walk.body.next, span: walk.reader.spanOf(declarator) };
    walk.body.guards.set(nameOf(tree, declarator), hold);
    walk.body.environment.declare(nameOf(tree, declarator), { ...unknownType, name: type });
    if (!/\b(defer_lock|try_to_lock)\b/.test(textOf(tree, declarator))) walk.body.open(hold);
  }
  return true;
}

/** By its name, by what it is another name for, or by the guard it consists of. */
function kindOf({ types }: WalkContext, written: string): NativeHold["kind"] | undefined {
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
  return [...written.map((node) => addressOf(walk, node)), ...named].map(({ origin }) => pointedAt(walk, origin)).filter(isKnownOrigin);
}

/** A guard may be given a reference to an object, or a pointer: then what it points at is held. */
function pointedAt({ body, types }: WalkContext, origin: NativeOrigin): NativeOrigin {
  const { environment } = body;
  const type = origin.root.kind === "local" && origin.path.length === 0 ? environment.typeOf(origin.root.name) : undefined;
  if (origin.root.kind !== "local" || type === undefined || !types.pointsAtObject(type)) return environment.resolve(origin);
  return environment.resolve(environment.read(origin.root.name).origin);
}
