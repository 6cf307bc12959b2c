// What confirming needs to know of an extension, whatever it is written in. Enters: the facts of C and C++, of Cython. Leaves: functions with the ways
// Python reaches them and what they do to locations, and what each of them runs.
// Misses: functions in C that a Cython file calls, and the other way around.
import { reachedFrom, reachedThrough } from "../../vocabulary/index.ts";
import type { FunctionFact, NativeEntry, NativeProgram, Program } from "../../vocabulary/index.ts";

export interface ExtensionFunction {
  readonly id: number;
  readonly name: string;
  readonly entries: readonly NativeEntry[];
  readonly effects: readonly { readonly location: string; readonly isWrite: boolean }[];
}

export interface ExtensionFacts {
  readonly functions: readonly ExtensionFunction[];
  /** Names of the functions that one runs, its own among them. */
  readonly runBy: (id: number) => ReadonlySet<string>;
  /** What faults are told of. */
  readonly own: OwnCode;
}

export interface OwnCode {
  /** Relative to the subject's root. */
  readonly files: readonly string[];
  /** Where the compiler calls functions otherwise than people do. */
  readonly functionAt?: (file: string, line: number) => string | undefined;
}

export function factsOfC({ functions }: NativeProgram, files: readonly string[]): ExtensionFacts {
  return {
    own: { files },
    functions: functions.map(({ id, name, entries, effects }) => ({
      id,
      name,
      entries,
      effects: effects.flatMap(({ location, mode, debugOnly }) => (debugOnly ? [] : [{ location, isWrite: mode !== "read" }])),
    })),
    runBy: (id) => new Set([...reachedFrom(functions, functions.slice(id, id + 1))].map((each) => functions[each]?.name ?? "")),
  };
}

export function factsOfCython(program: Program, files: readonly string[]): ExtensionFacts {
  const own = program.functions.filter(({ span, role }) => /\.(?:pyx|pxi)$/.test(span.file) && role !== "module" && role !== "class-body");
  const functionAt = (file: string, line: number): string | undefined =>
    own.findLast(({ span }) => span.file === file && span.line <= line && line <= span.endLine)?.qualifiedName;
  const calledBy = (id: number): number[] => (program.functions[id]?.calls ?? []).flatMap(({ targets }) => targets);
  return {
    own: { files, functionAt },
    functions: own.map((fn) => ({ id: fn.id, name: fn.qualifiedName, entries: entriesOf(fn), effects: effectsOf(fn, program) })),
    runBy: (id) => new Set([...reachedThrough([id], calledBy)].map((each) => program.functions[each]?.qualifiedName ?? "")),
  };
}

/** Only Cython calls these, or only what copies and pickles. Source: its user guide, "Special methods of extension types". */
const notCalled = /^__(?:cinit|dealloc|reduce_cython|setstate_cython)__$/;

/** What is `cdef` only is among them: the built type does not have it. */
function entriesOf({ role, owner, qualifiedName }: FunctionFact): NativeEntry[] {
  const name = qualifiedName.split(".").at(-1) ?? "";
  if (notCalled.test(name)) return [];
  const kind = kinds.get(role);
  const company = /^__(?:init|setstate)__$/.test(name) ? "initialization" : "ordinary";
  return kind === undefined ? [] : [{ kind, name, table: owner ?? "", company }];
}

const kinds: ReadonlyMap<FunctionFact["role"], NativeEntry["kind"]> = new Map([
  ["method", "method"],
  ["static-method", "method"],
  ["class-method", "method"],
  ["property", "getter"],
  ["property-setter", "setter"],
  ["function", "module"],
]);

function effectsOf({ id }: FunctionFact, program: Program): ExtensionFunction["effects"] {
  const { reads, writes } = program.effectsOf(id);
  const told = (keys: Iterable<string>, isWrite: boolean): ExtensionFunction["effects"][number][] =>
    [...keys].map((key) => ({ location: program.locations.get(key)?.location.display ?? key, isWrite }));
  return [...told(reads.keys(), false), ...told(writes.keys(), true)];
}
