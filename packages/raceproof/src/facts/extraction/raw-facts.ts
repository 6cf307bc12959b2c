// What one function's code shows: accesses, calls, branches by node.
// What enters: nothing. What leaves: the records between walking a function and describing it as plain data.
import type { Lockset, Sharing, StoredValue } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { CallTarget } from "./resolve-call.ts";
import type { Place, StaticValue } from "../evaluation/static-value.ts";
import type { ExtractedAcquisition, ExtractedSuspension, ExtractedTest } from "../module-facts.ts";
import type { Publication } from "./publication.ts";
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
  /** How the code would name it with a dot; undefined when it does. */
  readonly text: string | undefined;
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
  readonly receiver: readonly string[];
  readonly valueUsed: boolean;
  /** Functions of the program among the arguments. */
  readonly passes: readonly string[];
}

export interface RawFunction {
  readonly declaration: FunctionDeclaration;
  readonly accesses: RawAccess[];
  readonly calls: RawCall[];
  readonly tests: ExtractedTest[];
  /** What its return values are derived from. */
  readonly returned: readonly string[];
  raises: boolean;
  /** Without the locks that callers hold. */
  readonly acquisitions: ExtractedAcquisition[];
  readonly suspensions: ExtractedSuspension[];
  readonly publication: Publication;
  unresolvedAccesses: number;
  lockSpans: number;
}
