// What one evaluator has found out for good, by what it was asked about.
// What enters: nothing. What leaves: the maps that the files of this room fill. Only what would come out the same if it were asked
// again is kept: nothing that was found out while something it rests on was still being evaluated (`Evaluator.cuts`).
import type { ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import type { StaticValue } from "./static-value.ts";

export class Memos {
  readonly lineages: Map<ClassDeclaration, readonly ClassDeclaration[]> = new Map();
  /** Classes whose lineage is just being found. */
  readonly openLineages: Set<ClassDeclaration> = new Set();
  /** Fully qualified names of the bases outside the program, of the class and of its bases inside. */
  readonly externalBases: Map<ClassDeclaration, ReadonlySet<string>> = new Map();
  readonly declaredAttributes: Map<ClassDeclaration, Map<string, StaticValue>> = new Map();
  /** Names of the attributes that are just being joined. */
  readonly openAttributes: Set<string> = new Set();
  /** Attributes read from an instance that are neither methods nor found by narrowing its class. */
  readonly instanceAttributes: Map<ClassDeclaration, Map<string, StaticValue>> = new Map();
  /** The elements of instances that extend a container; `unknownValue` where there are none. */
  readonly elements: Map<ClassDeclaration, StaticValue> = new Map();
  /** Functions whose own statements may take or release a lock. */
  readonly lockHandlers: Map<FunctionDeclaration, boolean> = new Map();
  readonly returned: Map<FunctionDeclaration, StaticValue> = new Map();
  /** Names as a function sees them. */
  readonly names: Map<FunctionDeclaration, Map<string, StaticValue>> = new Map();
  readonly globals: Map<ModuleDeclaration, Map<string, StaticValue>> = new Map();
  readonly builtins: Map<string, StaticValue> = new Map();
  readonly classes: Map<string, ClassDeclaration | undefined> = new Map();
}

/** The inner map of a key, made when there is none. */
export function mapWithin<Key, Name, Value>(maps: Map<Key, Map<Name, Value>>, key: Key): Map<Name, Value> {
  let map = maps.get(key);
  if (!map) maps.set(key, (map = new Map()));
  return map;
}
