// A program as the rules see it: language-neutral facts about functions, accesses, tests, calls and locations.
// Built by the facts room; rules read it and nothing else.
import type { Access } from "./access.ts";
import type { ContainerKind, Location, OwnerKind } from "./location.ts";
import type { Lockset } from "./lockset.ts";
import type { SourceSpan } from "./source-span.ts";

/**
 * Can another thread reach the object at this access?
 * shared: nothing speaks against it. construction: the object is being built and not yet published. fresh: created in this
 * function and not yet stored anywhere. import: the module body or a class body runs it once. local: a local variable's own value.
 * confined: thread-local or context-local storage.
 */
export type Sharing = "shared" | "construction" | "fresh" | "import" | "local" | "confined";

/** What a write stores: enough to tell benign stores from harmful ones. */
export type StoredValue = "none" | "constant" | "counter" | "derived" | "masked" | "saved" | "fresh-container" | "fresh-object" | "other";

export interface AccessFact extends Omit<Access, "calls"> {
  readonly id: number;
  readonly functionId: number;
  /** Byte offset in the file: program order inside one function. */
  readonly order: number;
  readonly statement: SourceSpan;
  /** Source text of the access path ("self.filesystem.last_ino"), for messages and to tell receivers apart. */
  readonly text: string;
  readonly sharing: Sharing;
  readonly container: ContainerKind;
  /** The operation in words a table can look up: "append", "heapq.heappop", "in", "present" (hasattr), "truth", "len", "is-none", "==" (with a constant), "[]", "[]=", "del[]", "=", "+=", "for". */
  readonly operation: string;
  /** Source text of the key, index or tested element; undefined when there is none. */
  readonly key: string | undefined;
  /**
   * What the key, the stored value or the tested object is derived from, through local names: parameters ("path"), calls ("call@1234",
   * the call's order) and attributes read ("self.limit"). Two operations that share one mean the same thing or use one answer.
   */
  readonly origins: readonly string[];
  readonly stored: StoredValue | undefined;
  /** Names of the exceptions that handlers around this access catch; "*" for a bare except. */
  readonly handled: readonly string[];
  /** The owner class was guessed from the attribute's name alone. */
  readonly guessed: boolean;
}

export interface CallFact {
  readonly id: number;
  readonly functionId: number;
  readonly span: SourceSpan;
  readonly statement: SourceSpan;
  readonly order: number;
  /** Source text of the callee: "self.exists", "heapq.heappush", "os.umask". */
  readonly text: string;
  /** Fully qualified external callee when known ("os.umask"), else undefined. */
  readonly external: string | undefined;
  /** Functions of the program it may reach (empty: unresolved or external). */
  readonly targets: readonly number[];
  readonly lockset: Lockset;
  readonly sharing: Sharing;
  /** What its arguments are derived from; as an access's origins. */
  readonly origins: readonly string[];
  /** What the object it is called on is derived from; empty for the receiver of the function itself. */
  readonly receiver: readonly string[];
  readonly handled: readonly string[];
  /** The call's value is used (assigned, tested, returned), as opposed to an expression statement. */
  readonly valueUsed: boolean;
  /** Functions of the program among the arguments: callbacks, thread targets. */
  readonly passes: readonly number[];
}

/**
 * One place where a lock is taken, and the span it covers. `lock` is the name that locksets use.
 * Source of the vocabulary: lock spans as in RacerD's Starvation checker (Gorogiannis, O'Hearn, Sergey, 2019).
 */
export interface AcquisitionFact {
  readonly functionId: number;
  readonly span: SourceSpan;
  readonly statement: SourceSpan;
  readonly order: number;
  /** Byte offset in the file up to which the lock is held, as far as the function's text shows. */
  readonly until: number;
  readonly lock: string;
  /** Source text of the lock expression ("self._lock"). */
  readonly text: string;
  /** Can one thread take it again while it holds it? "unknown" for user classes and locks passed in. */
  readonly reentrant: "yes" | "no" | "unknown";
  /** Who owns the lock object. call: created in this very call, so nobody else can hold it. */
  readonly ownerKind: OwnerKind | "call" | "unknown";
  /** Locks held just before. */
  readonly held: Lockset;
  readonly how: "with" | "acquire";
  /** False for a try-lock or one with a timeout: it may give up, so it cannot deadlock for ever. */
  readonly blocks: boolean;
  /** Is it released on every way out (with, try/finally), only when nothing raises, never in this function, or only on some paths? */
  readonly released: "always" | "unless-raised" | "some-paths" | "not-here";
}

/** A place inside a lock's span where the function stands still and others run: `yield`, `await`. Outside of spans they are not listed. */
export interface SuspensionFact {
  readonly functionId: number;
  readonly span: SourceSpan;
  readonly statement: SourceSpan;
  readonly order: number;
  readonly how: "yield" | "await";
  readonly lockset: Lockset;
}

/** An object under construction, or fresh, becomes visible to others: from here on it is shared. */
export interface PublicationFact {
  readonly functionId: number;
  readonly span: SourceSpan;
  readonly order: number;
  /** The local name that holds the object: "self", "file_object". */
  readonly name: string;
  /** Class of the object, "module:Class", when known. */
  readonly type: string | undefined;
  /** stored: put where others look (attribute, container, global). thread: given to a thread or executor. registered: given as a callback. passed: to a function that stores it. */
  readonly how: "stored" | "thread" | "registered" | "passed";
  /** Where it was stored, when known. */
  readonly into: Location | undefined;
}

/** A branch on a condition. Ranges are byte offsets [from, to) in the function's file. */
export interface TestFact {
  readonly functionId: number;
  readonly span: SourceSpan;
  readonly kind: "if" | "while" | "conditional" | "assert" | "comprehension";
  readonly condition: readonly [number, number];
  readonly whenTrue: readonly [number, number];
  readonly whenFalse: readonly [number, number];
  /** Statements after the whole test in the same block, reached when one branch leaves the function or loop. */
  readonly after: readonly [number, number];
  readonly trueLeaves: boolean;
  readonly falseLeaves: boolean;
  /** What the condition depends on; as an access's origins. */
  readonly origins: readonly string[];
  /** A loop with another way out than its condition: break, return, raise or yield. */
  readonly exits: boolean;
}

export interface ParameterFact {
  readonly name: string;
  readonly kind: "positional-only" | "positional" | "keyword-only" | "var-positional" | "var-keyword";
  /** Source text of the annotation and default, if any. */
  readonly annotation: string | undefined;
  readonly default: string | undefined;
  /** Class of the program the parameter holds, "module:Class", when known. */
  readonly type: string | undefined;
  /** What the function does when the argument is None or empty: refuses it, copes with it, or never asks. */
  readonly absence: "refused" | "handled" | "untested";
}

export interface FunctionFact {
  readonly id: number;
  readonly module: string;
  readonly qualifiedName: string;
  /** "module:Class" when it is a method (also for functions nested in one). */
  readonly owner: string | undefined;
  readonly span: SourceSpan;
  readonly role: "module" | "class-body" | "function" | "method" | "static-method" | "class-method" | "property" | "property-setter" | "nested";
  /** No leading underscore in any part of its qualified name (dunder methods other than construction count as public). */
  readonly public: boolean;
  /** import: runs while modules load. construction: __init__ and what only constructors call. */
  readonly phase: "import" | "construction" | "ordinary";
  readonly generator: boolean;
  readonly asynchronous: boolean;
  /** It runs as part of tasks of an event loop: asynchronous, or private with asynchronous callers only, and no thread is started on it. */
  readonly eventLoopOnly: boolean;
  /** Why one and the same thread always runs it ("in the one thread of the reactor"); undefined when nothing says so. */
  readonly oneThread: string | undefined;
  /** A generator decorated as a context manager. */
  readonly contextManager: boolean;
  /** Every path raises. */
  readonly neverReturns: boolean;
  /** Locks held by every caller (empty for public functions). */
  readonly entryLockset: Lockset;
  /** Locks that every call inside the program holds; users may call a public function without them. */
  readonly callerLocks: Lockset;
  readonly parameters: readonly ParameterFact[];
  readonly accesses: readonly AccessFact[];
  readonly calls: readonly CallFact[];
  readonly tests: readonly TestFact[];
  readonly acquisitions: readonly AcquisitionFact[];
  readonly suspensions: readonly SuspensionFact[];
  /** In program order. */
  readonly publications: readonly PublicationFact[];
  /** Source text of the decorators without "@". */
  readonly decorators: readonly string[];
  /** Why the function runs in a thread of its own ("target of threading.Thread at a.py:3"); undefined when nothing says so. */
  readonly threadEntry: string | undefined;
  /** Functions of the program that call this one. */
  readonly callers: readonly number[];
  readonly returnAnnotation: string | undefined;
  /** Every return gives a boolean, or the annotation says so: the function answers a question. */
  readonly predicate: boolean;
  /** What its return values are derived from; as an access's origins. */
  readonly returned: readonly string[];
  /** Has a raise statement of its own. */
  readonly raises: boolean;
}

export interface ClassFact {
  readonly key: string;
  readonly module: string;
  readonly qualifiedName: string;
  readonly span: SourceSpan;
  /** Keys of base classes inside the program. */
  readonly bases: readonly string[];
  /** Text of bases outside the program. */
  readonly externalBases: readonly string[];
  readonly public: boolean;
  /** Method name -> function id; inherited ones not included. */
  readonly methods: ReadonlyMap<string, number>;
  /** Why instances may be reached by several threads, strongest first; empty: no evidence beyond being public. */
  readonly sharedBecause: readonly string[];
  /** Attributes of shared objects that hold instances, where others go elsewhere: weaker than what says why all may be shared. */
  readonly sharedInPart: readonly string[];
  /** Why one thread at a time normally works with an instance (visitor, parser, response, documented so); undefined when nothing says so. */
  readonly confinedBecause: string | undefined;
  readonly abstract: boolean;
  readonly exception: boolean;
}

export interface LocationFact {
  readonly location: Location;
  readonly container: ContainerKind;
  /** Every access of the program to this very location, in file and program order. */
  readonly accesses: readonly AccessFact[];
}

/**
 * Location keys a function and everything it calls may touch, by what they do there, each with the smallest call depth
 * (0: the function itself). Not counting construction.
 */
export interface EffectSummary {
  /** There is something in `checks`: cheaper to ask. */
  readonly checksAnything: boolean;
  readonly checks: ReadonlyMap<string, number>;
  readonly reads: ReadonlyMap<string, number>;
  readonly writes: ReadonlyMap<string, number>;
  /** Writes that add or remove elements of a container, or rebind it. */
  readonly mutations: ReadonlyMap<string, number>;
  /** Mutations that take elements away, storing None in their place included. */
  readonly removals: ReadonlyMap<string, number>;
}

export interface Program {
  readonly functions: readonly FunctionFact[];
  readonly classes: ReadonlyMap<string, ClassFact>;
  readonly locations: ReadonlyMap<string, LocationFact>;
  /** Transitive effects of a function. */
  effectsOf(functionId: number): EffectSummary;
  /** Normalized source text of a span, for fingerprints and messages. */
  sourceOf(span: SourceSpan): string;
  /** Source text of a span as it stands in the file. */
  textOf(span: SourceSpan): string;
  /** The class and its bases inside the program, nearest first (C3 is approximated by depth-first order). */
  lineageOf(classKey: string): readonly ClassFact[];
}
