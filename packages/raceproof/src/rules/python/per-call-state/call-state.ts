// What both halves of the rule hand to it: a field that carries a value from one step of a call to a later one.
import type { AccessFact, FunctionFact } from "../../../vocabulary/index.ts";

export interface CallState {
  readonly fn: FunctionFact;
  /** Where the call puts the value into the field, or first relies on what a callee put there. */
  readonly main: AccessFact;
  /** Where it is read again, and where else it is stored. */
  readonly later: readonly AccessFact[];
  /** decorator: `with self` around every call of the decorated function. operation: nothing outside one operation uses the field. */
  readonly why: "decorator" | "kept" | "operation";
  /** Fields of this kind that the same function has. */
  readonly siblings: number;
}

/** A value of this very call: not a mark, a count, or nothing at all. */
export function isValueOfCall({ stored }: AccessFact): boolean {
  return stored === "other" || stored === "derived" || stored === "fresh-object" || stored === "fresh-container" || stored === "saved";
}

export function isOpenStore(access: AccessFact): boolean {
  const { kind, operation, sharing, lockset, location, text } = access;
  return kind === "write" && operation === "=" && sharing === "shared" && lockset.length === 0 && location.ownerKind === "instance" && /^self\.\w+$/.test(text);
}
