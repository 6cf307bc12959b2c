// A program in C or C++ as the rules see it: functions, what they touch through which pointers under which sections, who may call them.
// Built by the facts room; rules read it and nothing else. Orders count events of one function in evaluation order.
import type { NativeOrigin } from "./native-origin.ts";
import type { SourceSpan } from "./source-span.ts";

/** Who may run an entry point at the same time on one object; see models/c-api/method-tables.ts for the sources. */
export type EntryCompany = "ordinary" | "construction" | "initialization" | "last" | "stopped" | "import";

/** One way Python reaches a function. */
export interface NativeEntry {
  readonly kind: "method" | "slot" | "getter" | "setter" | "module";
  /** "tp_iternext", "getall", "mod_exec". */
  readonly name: string;
  /** The table that names it. */
  readonly table: string;
  readonly company: EntryCompany;
}

/** What keeps others out, or lets them in, at an event. */
export interface NativeHold {
  /**
   * section: a critical section, suspended when the thread blocks or detaches. lock: a mutex. detached: the thread runs without the interpreter.
   * attached: it has it again, within what is detached.
   */
  readonly kind: "section" | "lock" | "detached" | "attached";
  /** Locked objects, or the lock itself; empty when detached or attached. */
  readonly objects: readonly NativeOrigin[];
  /** Order of the event that opened it; -1: held by every caller. */
  readonly since: number;
  readonly span: SourceSpan;
}

export type NativeAccessMode = "read" | "write" | "update";

interface NativeEventBase {
  readonly order: number;
  readonly span: SourceSpan;
  /** Source text of the expression. */
  readonly text: string;
  readonly held: readonly NativeHold[];
  /** Inside assert(): not in release builds. */
  readonly debugOnly: boolean;
}

/** A field of a struct, or a static variable, is read or stored. */
export interface NativeAccess extends NativeEventBase {
  readonly kind: "access";
  readonly mode: NativeAccessMode;
  /** "MultiDictObject.keys", or the name of a static variable. */
  readonly location: string;
  /** What the location holds. object: a reference to a Python object. */
  readonly holds: NativeContent;
  /** Address of the struct; for static variables the variable itself. */
  readonly base: NativeOrigin;
  /** The local variable it goes through and the order of its last assignment. */
  readonly through: { readonly local: string; readonly assigned: number } | undefined;
  /** For writes: the origin stored, and its text when it is a constant ("-1", "NULL"). */
  readonly stored: { readonly origin: NativeOrigin; readonly constant: string | undefined } | undefined;
  /** It is an atomic operation by its type or its call. */
  readonly atomic: boolean;
}

export type NativeContent = "object" | "pointer" | "number" | "mutex" | "struct" | "function";

export interface NativeCall extends NativeEventBase {
  readonly kind: "call";
  readonly callee: string;
  /** Functions of the program it runs: the callee itself, or slots of its own types that an API call dispatches to. */
  readonly targets: readonly number[];
  readonly arguments: readonly NativeOrigin[];
  /** What fields hold of structs of this function whose address is passed: argument, path below it, value. */
  readonly passed: readonly { readonly argument: number; readonly path: readonly string[]; readonly value: NativeOrigin }[];
  /** Of the call and everything it runs. */
  readonly effect: "none" | "suspends" | "runs-python";
}

/** A local variable receives a value. */
export interface NativeAssignment extends NativeEventBase {
  readonly kind: "assignment";
  readonly local: string;
  readonly value: NativeOrigin;
  /** The field the value was loaded from ("MultiDictObject.keys"), when it was. */
  readonly loadedFrom: string | undefined;
  /** The local variable it was computed from, and the order of that one's assignment. */
  readonly through: NativeAccess["through"];
}

export interface NativeBoundary extends NativeEventBase {
  readonly kind: "open" | "close";
  readonly macro: string;
  readonly objects: readonly NativeOrigin[];
  /** For "close": a label stands right before it, with nothing in between. */
  readonly labeled: string | undefined;
}

export interface NativeJump extends NativeEventBase {
  readonly kind: "return" | "goto" | "break" | "continue" | "label";
  /** Of goto and label. */
  readonly label: string | undefined;
  readonly value: NativeOrigin | undefined;
  /** Order of the loop or switch that break and continue belong to, -1 for others. */
  readonly within: number;
}

export type NativeEvent = NativeAccess | NativeCall | NativeAssignment | NativeBoundary | NativeJump;

/** Orders [from, to) of a statement's events. */
export interface NativeRange {
  readonly from: number;
  readonly to: number;
}

export interface NativeLoop extends NativeRange {
  /** Source text of the condition; empty where there is none. */
  readonly test: string;
  /** Events of its condition and update, evaluated in every round. */
  readonly condition: NativeRange;
  readonly span: SourceSpan;
}

export interface NativeBranch {
  readonly condition: NativeRange;
  /** Source text of the condition. */
  readonly test: string;
  readonly whenTrue: NativeRange;
  readonly whenFalse: NativeRange;
  /** Control never reaches the statement after it from there. */
  readonly trueLeaves: boolean;
  readonly falseLeaves: boolean;
}

/** An access of a function or of what it calls, as the function's callers see it. */
export interface NativeEffect {
  readonly mode: NativeAccessMode | "free";
  readonly location: string;
  readonly holds: NativeContent;
  readonly base: NativeOrigin;
  /** What was held, in the function's own origins; callers' holds are not included. */
  readonly held: readonly NativeHold[];
  readonly atomic: boolean;
  readonly debugOnly: boolean;
  /** Text of what is written, when it is a constant. */
  readonly constant: string | undefined;
  /** Where it happens, and the calls that lead there from the function, outermost first. */
  readonly span: SourceSpan;
  readonly text: string;
  readonly function: number;
  readonly calls: readonly SourceSpan[];
}

export interface NativeFunction {
  readonly id: number;
  readonly name: string;
  readonly span: SourceSpan;
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly object: boolean }[];
  readonly generated: boolean;
  /** Code that is not seen can call it: nothing here does and it is not static, or its address is handed on. */
  readonly calledUnseen: boolean;
  readonly entries: readonly NativeEntry[];
  /** In evaluation order. */
  readonly events: readonly NativeEvent[];
  readonly loops: readonly NativeLoop[];
  readonly branches: readonly NativeBranch[];
  readonly effects: readonly NativeEffect[];
  /** Held at every call inside the program, in the function's own origins; empty for entry points. */
  readonly entryHeld: readonly NativeHold[];
  /** What it may set off, and the event that shows it. */
  readonly effect: "none" | "suspends" | "runs-python";
}

export interface NativeStatic {
  readonly name: string;
  readonly type: string;
  readonly holds: NativeContent;
  readonly span: SourceSpan;
  readonly constant: boolean;
  readonly threadLocal: boolean;
}

/** A table that describes a type or a module, as it is written. */
export interface NativeTable {
  readonly name: string;
  /** "PyTypeObject", "PyType_Spec", "PyType_Slot", "PyMemberDef", "PyModuleDef", "PyModuleDef_Slot"; "def_readwrite" for fields that C++ binds. */
  readonly type: string;
  readonly span: SourceSpan;
  readonly cells: readonly NativeCell[];
}

export interface NativeCell {
  /** "tp_flags", "tp_traverse", "m_size"; a member's name. */
  readonly name: string;
  readonly text: string;
  readonly span: SourceSpan;
}

/** One build configuration's view of the extension. */
export interface NativeProgram {
  readonly configuration: string;
  readonly functions: readonly NativeFunction[];
  readonly statics: ReadonlyMap<string, NativeStatic>;
  /** Structs that hold a module's state: one for all objects of the module. */
  readonly moduleStates: ReadonlySet<string>;
  /** Tables of slots that types are made from at run time. */
  readonly heapTypeTables: ReadonlySet<string>;
  readonly tables: readonly NativeTable[];
  /** Structs that a mutex is embedded in. */
  readonly mutexHolders: ReadonlySet<string>;
  /** The module says it runs without the GIL (Py_mod_gil, pybind11's and Cython's declarations); where it says so. */
  readonly declaresFreeThreading: SourceSpan | undefined;
  excerptOf(span: SourceSpan): string;
}
