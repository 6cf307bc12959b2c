// What one file of a program contributes, as plain data: made by extraction from trees, read by linking alone, so that it can
// be stored, and sent between threads. Functions and classes of the program are named by keys, never referred to.
import type {
  AccessFact,
  AcquisitionFact,
  CallFact,
  ClassFact,
  FunctionFact,
  Lockset,
  PublicationFact,
  Sharing,
  SuspensionFact,
  TestFact,
} from "../vocabulary/index.ts";

export interface ModuleFacts {
  readonly name: string;
  readonly file: string;
  /** In source order, the module's body first. */
  readonly functions: readonly ExtractedFunction[];
  readonly classes: readonly ExtractedClass[];
  /** Classes that the module hands out: imported or defined in a package's `__init__`, or named in `__all__`. */
  readonly exportedClasses: readonly string[];
  /** Instances kept in the module's own variables. */
  readonly keptInstances: readonly KeptInstance[];
  readonly handed: HandedValues;
}

/** One way in which a value leaves a function: kept somewhere or given to unknown code, returned, or passed for a parameter of a known function. */
export type Exit = "kept" | "returned" | { readonly to: string; readonly parameter: number };

/** An expression that creates an instance of a class of the program, and where the instance goes. */
export interface Creation {
  readonly type: string;
  readonly functionKey: string;
  readonly exits: readonly Exit[];
  /** Key of the class whose object it becomes a part of at once: `self.reader = Reader()`. */
  readonly partOf: string | undefined;
}

export interface HandedParameter {
  readonly functionKey: string;
  readonly index: number;
  readonly exits: readonly Exit[];
}

export interface HandedValues {
  readonly creations: readonly Creation[];
  /** Parameters that go nowhere are left out. */
  readonly parameters: readonly HandedParameter[];
}

/** What a class's documentation and its bases outside the program promise about threads: one sentence each; undefined when nothing is promised. */
export interface DocumentedUse {
  readonly shared: string | undefined;
  readonly confined: string | undefined;
}

/** A call that runs a function in a thread, or at a moment of its own. */
export interface ThreadStart {
  /** Key of the function. */
  readonly key: string;
  /** "target of threading.Thread at a.py:3" */
  readonly how: string;
  readonly where: string;
  readonly runs: "thread" | "moment" | "loop";
  /** Classes of the instances that the function gets as arguments. */
  readonly gives: readonly string[];
}

/** An instance of a class that stands somewhere for as long as the program runs. */
export interface KeptInstance {
  readonly type: string;
  readonly sentence: string;
}

/** An instance of class `part` stands in an attribute of the class's instances. */
export interface KeptPart {
  readonly part: string;
  readonly attribute: string;
}

type LinkedPart = "id" | "phase" | "entryLockset" | "callers" | "threadEntry" | "eventLoopOnly" | "oneThread" | "callerLocks";

export interface ExtractedFunction extends Omit<FunctionFact, LinkedPart | "accesses" | "calls" | "tests" | "acquisitions" | "suspensions" | "publications"> {
  readonly key: string;
  /** It builds the object: what it does to the object itself happens before others see it. */
  readonly isConstructor: boolean;
  readonly accesses: readonly ExtractedAccess[];
  readonly calls: readonly ExtractedCall[];
  readonly tests: readonly ExtractedTest[];
  readonly acquisitions: readonly ExtractedAcquisition[];
  readonly suspensions: readonly ExtractedSuspension[];
  readonly publications: readonly ExtractedPublication[];
  readonly handings: readonly ExtractedHanding[];
  /** Local names that the function returns. */
  readonly returnedNames: readonly string[];
  /** Attribute expressions of which neither value nor owner is known. */
  readonly unresolvedAccesses: number;
  readonly lockSpans: number;
  /** Classes whose instances the function makes, and those whose instances it stores where others may find them. */
  readonly constructedClasses: readonly string[];
  readonly keptClasses: readonly string[];
}

export type ExtractedTest = Omit<TestFact, "functionId">;
export type ExtractedAcquisition = Omit<AcquisitionFact, "functionId">;
export type ExtractedSuspension = Omit<SuspensionFact, "functionId">;
export type ExtractedPublication = Omit<PublicationFact, "functionId">;

/** An object of interest goes into a function of the program as an argument, or comes out of it (neither position nor keyword). */
export interface ExtractedHanding extends Pick<PublicationFact, "span" | "order" | "name" | "type"> {
  readonly targets: readonly string[];
  /** Of a positional argument, from 0, without the receiver; otherwise -1. */
  readonly position: number;
  readonly keyword: string | undefined;
  /** Made by this function, and visible to nobody else, unless functions of the program saw to that. */
  readonly fresh: boolean;
}

/**
 * Accesses and calls are made with room for what linking finds out, and linking completes these very objects: copying them by the hundred
 * thousand took most of its time. What it starts from stays beside it, so that the same facts can be linked again.
 */
export interface ExtractedAccess extends Omit<AccessFact, "id" | "functionId" | "function" | "lockset" | "sharing"> {
  /** What the function's own text shows. */
  readonly ownLockset: Lockset;
  readonly ownSharing: Sharing;
  /** An attribute of the receiver itself, which is under construction while a constructor runs. */
  readonly ownAttribute: boolean;
}

export interface ExtractedCall extends Omit<CallFact, "id" | "functionId" | "lockset" | "targets" | "passes"> {
  /** What the function's own text shows. */
  readonly ownLockset: Lockset;
  /** Keys of the functions it may run, and of those among its arguments. */
  readonly targetKeys: readonly string[];
  readonly passedKeys: readonly string[];
  readonly starts: ThreadStart | undefined;
}

export interface ExtractedClass extends Pick<ClassFact, "key" | "module" | "qualifiedName" | "span" | "externalBases"> {
  /** Keys of the class and its bases inside the program, nearest first. */
  readonly lineage: readonly string[];
  /** Fully qualified names of the bases outside the program, as far as known. */
  readonly externalNames: readonly string[];
  /** Name and key of the last definition of each method. */
  readonly methods: readonly (readonly [name: string, key: string])[];
  readonly documented: DocumentedUse;
  readonly keptParts: readonly KeptPart[];
  /** Instances kept in the class's own variables. */
  readonly keptInstances: readonly KeptInstance[];
  readonly keptClasses: readonly string[];
}
