// What one function's code shows before callers, phases and entry locks are known: accesses, calls, branches by node.
// What enters: nothing. What leaves: the records between extraction and assembly.
import type { Lockset, Sharing, StoredValue, TestFact } from "../vocabulary/index.ts";
import type { FunctionDeclaration } from "./declarations.ts";
import type { CallTarget } from "./resolve-call.ts";
import type { Place, StaticValue } from "./static-value.ts";
import type { Usage } from "./usage.ts";

/** What surrounds a node. */
export interface Surroundings {
  readonly statement: number;
  readonly locks: Lockset;
  readonly handled: readonly string[];
}

export interface RawAccess extends Surroundings {
  readonly node: number;
  readonly usage: Usage;
  readonly place: Place;
  readonly value: StaticValue;
  readonly sharing: Sharing;
  readonly stored: StoredValue | undefined;
  readonly origins: readonly string[];
}

export interface RawCall extends Surroundings {
  readonly node: number;
  readonly target: CallTarget;
  readonly sharing: Sharing;
  readonly origins: readonly string[];
  readonly valueUsed: boolean;
}

export interface RawFunction {
  readonly declaration: FunctionDeclaration;
  readonly accesses: RawAccess[];
  readonly calls: RawCall[];
  readonly tests: TestFact[];
  unresolvedAccesses: number;
  lockSpans: number;
}
