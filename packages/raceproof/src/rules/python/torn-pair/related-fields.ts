// A program in, the fields of one object that belong together out: one counts what the other holds, or functions change the elements of both.
// Source: Lu et al., MUVI: Automatically Inferring Multi-Variable Access Correlations, SOSP 2007: variables that are accessed together.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { activity, shared } from "../activity.ts";
import { isChangedThrough } from "../changes-through.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { indexOf } from "../program-index.ts";

export interface Relation {
  /** Functions that add or remove elements of both. */
  readonly together: number;
  /** One is a number that goes up and down when the other gains and loses elements. */
  readonly counted: boolean;
}

export type Relations = ReadonlyMap<string, Relation>;

/** Functions that change more fields than this say nothing about which belong together. */
const mostFields = 12;

export function relationsIn(program: Program): Relations {
  const out = new Map<string, Relation>();
  // A read counts where what it gives is changed: then the function changes elements of something.
  for (const fn of indexOf(program).functionsDoing(shared(activity.write | activity.update) | activity.mutate)) {
    if (fn.owner === undefined || fn.phase !== "ordinary") continue;
    const changed = ownChanges(program, fn);
    if (changed.length < 2 || changed.length > mostFields) continue;
    changed.forEach((one, index) => changed.slice(index + 1).forEach((other) => relate(out, one, other)));
  }
  return out;
}

export function relationOf(relations: Relations, one: AccessFact, other: AccessFact): Relation | undefined {
  return relations.get(pairKey(one.location.key, other.location.key));
}

function relate(out: Map<string, Relation>, one: AccessFact, other: AccessFact): void {
  const key = pairKey(one.location.key, other.location.key);
  const before = out.get(key);
  const counts = (isCount(one) && holdsElements(other)) || (isCount(other) && holdsElements(one));
  const both = holdsElements(one) && holdsElements(other);
  if (counts || both) out.set(key, { together: (before?.together ?? 0) + (both ? 1 : 0), counted: before?.counted === true || counts });
}

function pairKey(one: string, other: string): string {
  return one < other ? `${one}|${other}` : `${other}|${one}`;
}

function isCount(access: AccessFact): boolean {
  return access.kind === "update" && access.container !== "text" && access.container !== "list";
}

/** Changed in place, directly or through the object it holds. */
function holdsElements(access: AccessFact): boolean {
  return access.operation === "read" || addsOrRemoves(access.operation);
}

/** One access for each field of the receiver that the function changes. */
function ownChanges(program: Program, fn: FunctionFact): AccessFact[] {
  const out = new Map<string, AccessFact>();
  for (const access of fn.accesses) {
    if (access.sharing !== "shared" || access.location.ownerKind !== "instance" || !/^self\.\w+$/.test(access.text)) continue;
    if (!out.has(access.location.key) && changes(program, access)) out.set(access.location.key, access);
  }
  return [...out.values()];
}

function changes(program: Program, access: AccessFact): boolean {
  if (access.kind === "write" || access.kind === "update" || addsOrRemoves(access.operation)) return true;
  return access.operation === "read" && access.container === "object" && isChangedThrough(program, access);
}
