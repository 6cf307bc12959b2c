// What happens in a Rust function, in evaluation order: calls with the values they get, stores, indexing, returns; and around them scopes, guards and
// whether the thread is attached to the interpreter. Orders are indices into `RustFunction.events`.
import type { RustType } from "./rust-type.ts";
import type { SourceSpan } from "./source-span.ts";

/**
 * Where a value comes from. self: the receiver. parameter: by its index in `parameters`. call: what the event with that order returned.
 * closure: a parameter of the closure with that scope. local: a variable that gets several values.
 */
export type RustRoot =
  | { readonly kind: "self" }
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "static"; readonly name: string }
  | { readonly kind: "call"; readonly order: number }
  | { readonly kind: "closure"; readonly scope: number; readonly index: number }
  | { readonly kind: "local"; readonly name: string }
  | { readonly kind: "none" };

export interface RustOrigin {
  readonly root: RustRoot;
  /** Fields from the root; "[]" an element of a container or the inside of an Option, "[key]" and "[value]" of a map's entry. */
  readonly path: readonly string[];
  /** Methods that led from one to the next without leaving it: ["lock", "unwrap"], ["iter"]. */
  readonly through: readonly string[];
}

export const noRustOrigin: RustOrigin = { root: { kind: "none" }, path: [], through: [] };

export interface RustValue {
  readonly origin: RustOrigin;
  /** Of the value itself, references included; name "" when not known. */
  readonly type: RustType;
  /** Text of a literal. */
  readonly constant: string | undefined;
  /** The scope of the closure it is. */
  readonly closure: number | undefined;
}

/** attached: the thread holds the interpreter. detached: it let go of it. spawned: another thread, not attached. either: it depends on the caller. */
export type RustAttachment = "attached" | "detached" | "spawned" | "either";

export interface RustScope {
  readonly id: number;
  /** -1 for the body. */
  readonly parent: number;
  readonly kind: "body" | "block" | "then" | "else" | "arm" | "loop" | "closure" | "unsafe" | "async";
  /** Of then, else, arm and loop: text of the condition with its patterns, and the value tested. */
  readonly condition: { readonly text: string; readonly value: RustValue; readonly pattern: string | undefined } | undefined;
  /** Of a closure: order of the call that gets it, -1 when none does. */
  readonly passedTo: number;
  readonly attachment: RustAttachment;
  /** Inside a closure that another thread runs. */
  readonly otherThread: boolean;
  readonly span: SourceSpan;
}

interface RustEventBase {
  readonly order: number;
  readonly span: SourceSpan;
  readonly text: string;
  readonly scope: number;
  readonly attachment: RustAttachment;
  /** Indices into `RustFunction.guards` that are alive. */
  readonly guards: readonly number[];
}

/** What happens to the value of an expression. propagated: by `?`. */
export type RustUse = "ignored" | "propagated" | "returned" | "bound" | "used";

/** Effects of a call are of itself and of all it runs; see RustEffectKind. */
export interface RustCall extends RustEventBase {
  readonly kind: "call";
  readonly form: "method" | "path" | "macro" | "value";
  /** Last segment: "lock", "with_gil", "println". */
  readonly name: string;
  /** Resolved: "pyo3::Python::with_gil", "std::sync::Mutex::lock" where the receiver's type is known; otherwise the name. */
  readonly path: string;
  readonly receiver: RustValue | undefined;
  readonly arguments: readonly RustValue[];
  /** Functions of the program it runs. */
  readonly targets: readonly number[];
  readonly returns: RustType;
  readonly use: RustUse;
  readonly effects: readonly RustEffectKind[];
}

/** A place is stored to (write), changed in place (update), or only named (read). Reads are listed for fields and statics alone. */
export interface RustAccess extends RustEventBase {
  readonly kind: "access";
  readonly mode: "read" | "write" | "update";
  readonly place: RustOrigin;
  readonly type: RustType;
  readonly stored: RustValue | undefined;
}

/** `let` and `=` to a variable. */
export interface RustBinding extends RustEventBase {
  readonly kind: "binding";
  readonly local: string;
  readonly value: RustValue;
}

/** `a[i]`, arithmetic that may overflow, a division: it may panic. */
export interface RustCheckedOperation extends RustEventBase {
  readonly kind: "operation";
  readonly operation: "index" | "arithmetic" | "division";
  readonly operand: RustValue;
}

export interface RustJump extends RustEventBase {
  readonly kind: "return" | "break" | "continue";
  readonly value: RustValue | undefined;
}

/** A macro whose text is not read. */
export interface RustMacroText extends RustEventBase {
  readonly kind: "macro-text";
  readonly name: string;
}

/** A local goes out of scope here, or `drop(local)` is called. */
export interface RustDrop extends RustEventBase {
  readonly kind: "drop";
  readonly local: string;
  readonly value: RustValue;
}

export type RustEvent = RustAccess | RustBinding | RustCall | RustCheckedOperation | RustDrop | RustJump | RustMacroText;

/** A lock or borrow that is alive from one event to another: until its scope ends, it is dropped, or its statement ends. */
export interface RustGuard {
  readonly kind: "mutex" | "rwlock-read" | "rwlock-write" | "refcell" | "refcell-mut" | "pycell" | "pycell-mut";
  /** What is locked. */
  readonly place: RustOrigin;
  /** Type of what is locked: Mutex<T>. */
  readonly type: RustType;
  /** The variable that has it; undefined for a temporary. */
  readonly local: string | undefined;
  /** It fails rather than waits: try_lock. */
  readonly tries: boolean;
  /** Order of the call that takes it. */
  readonly from: number;
  /** Order of the first event it does not see. */
  readonly to: number;
}

/**
 * attaches: takes the interpreter. runs-python: may run Python code. allocates-python: makes Python objects. clones-python and drops-python: change the count of
 * an object. blocks: waits for another thread or the outside. mutates: changes what a parameter, self or a static leads to. borrows-mutably: RefCell or PyCell, panics
 * when borrowed. panics: may panic. visits: shows the collector what `place` leads to.
 */
export type RustEffectKind =
  | "attaches"
  | "runs-python"
  | "allocates-python"
  | "clones-python"
  | "drops-python"
  | "blocks"
  | "mutates"
  | "borrows-mutably"
  | "panics"
  | "visits";

export interface RustEffect {
  readonly kind: RustEffectKind;
  /** Where it happens: the innermost call or statement. */
  readonly span: SourceSpan;
  readonly text: string;
  /** Id of the function that contains it. */
  readonly function: number;
  /** What it is done to, in the origins of the function that has the effect; unknown roots for what a callee made. */
  readonly place: RustOrigin;
  /** Calls that lead there from the function, outermost first; empty for its own. */
  readonly calls: readonly SourceSpan[];
  /** Order of the function's own event that does it or leads there. */
  readonly order: number;
}
