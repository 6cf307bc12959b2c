// What the walk over a function's body needs around it: the unit, the types, the program's functions and static variables.
import type { NativeStatic } from "../../vocabulary/index.ts";
import type { NativeBody } from "./body.ts";
import type { NativeSummary } from "./summaries.ts";
import type { NativeTypeTable } from "./type-table.ts";
import type { UnitReader } from "./unit-reader.ts";
import type { NativePlace, NativeValue } from "./values.ts";

export interface WalkContext {
  readonly reader: UnitReader;
  readonly types: NativeTypeTable;
  readonly body: NativeBody;
  /** Functions a call of this name runs. */
  targetsOf(name: string): readonly number[];
  /** Methods of a C++ class with this name. */
  methodsOf(struct: string, name: string): readonly number[];
  /** Functions that fill a slot of the types whose instances have this struct. */
  slotsOf(struct: string, slot: string): readonly number[];
  summaryOf(id: number): NativeSummary;
  staticPlace(name: string): NativePlace | undefined;
  /** Value of a name that is no variable: a macro or an enumerator that stands for a constant, a function. */
  constant(walk: WalkContext, node: number): NativeValue;
  call(walk: WalkContext, node: number): NativeValue;
}

export interface StaticVariable extends NativeStatic {
  readonly key: string;
}
