// What to try to make each object of a crate and to call each of its functions. Enters: the program, usages. Leaves: candidates for the agent, likeliest first.
// In candidates `@7@` is the exported name with key 7, `$7$` an expression that was found for the class with key 7, r the object of a method.
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustAttribute, RustFunction, RustProgram, RustStruct, RustType, Usage } from "../../vocabulary/index.ts";
import { argumentLists } from "./crate-arguments.ts";

export interface CrateCandidates {
  /** Name in Python, and words that tell its module from others. Keys of functions begin behind those of classes. */
  readonly names: Readonly<Record<string, { readonly name: string; readonly hints: readonly string[] }>>;
  readonly objects: readonly { readonly key: string; readonly candidates: readonly string[] }[];
  /** `self`: the class of r. */
  readonly calls: readonly { readonly key: string; readonly self: string | null; readonly candidates: readonly string[] }[];
}

const mostCandidates = 40;
const mostMined = 6;
const longestMined = 120;

export function crateCandidates(program: RustProgram, usages: readonly Usage[]): CrateCandidates {
  const classes = program.structs.filter(({ pyclass, testOnly }) => pyclass !== undefined && !testOnly);
  const exposed = program.functions.filter((fn) => (fn.exposed === "function" || fn.exposed === "method") && !fn.testOnly);
  const mined = minedArguments(usages, new Set([...classes.map(pythonNameOfClass), ...exposed.map(pythonNameOf)]));
  const functions = exposed.filter(({ exposed: kind }) => kind === "function");
  const named = [
    ...classes.map((struct) => [`${struct.id}`, { name: pythonNameOfClass(struct), hints: hintsOf(struct) }] as const),
    ...functions.map((fn) => [functionKey(program, fn), { name: pythonNameOf(fn), hints: hintsOf(fn) }] as const),
  ];
  const objects = classes.map((struct) => ({ key: `${struct.id}`, candidates: makersOf(program, struct, exposed, mined).slice(0, mostCandidates) }));
  const calls = exposed.flatMap((fn) => callOf(program, fn, mined));
  return { names: Object.fromEntries(named), objects, calls };
}

export function functionKey({ structs }: RustProgram, { id }: RustFunction): string {
  return `${structs.length + id}`;
}

/** Its constructor, then everything that returns one. */
function makersOf(program: RustProgram, struct: RustStruct, exposed: readonly RustFunction[], mined: Mined): string[] {
  const own = exposed.filter(({ owner }) => owner?.declaration === struct.id);
  const constructors = own.filter((fn) => has(fn, "new"));
  const lists = [...constructors.flatMap((fn) => argumentLists(program, fn)), ...(mined.get(pythonNameOfClass(struct)) ?? [])];
  const constructed = (constructors.length === 0 ? [] : distinct(lists)).map((given) => `@${struct.id}@(${given})`);
  const returned = exposed.filter((fn) => !has(fn, "new") && isReturned(fn.returns, struct.id)).flatMap((fn) => expressionsOf(program, fn, mined, "chain"));
  return [...constructed.slice(0, mostCandidates / 2), ...returned];
}

function isReturned(type: RustType | undefined, declaration: number): boolean {
  const plain = type && withoutReferences(type);
  if (plain === undefined) return false;
  if (plain.declaration === declaration) return true;
  return ["Py", "Bound", "PyRef", "PyRefMut", "Result", "PyResult", "Option"].includes(plain.name) && isReturned(plain.arguments[0], declaration);
}

function callOf(program: RustProgram, fn: RustFunction, mined: Mined): CrateCandidates["calls"] {
  if (has(fn, "new") || has(fn, "classattr")) return [];
  const isBound = fn.exposed === "method" && !has(fn, "staticmethod") && !has(fn, "classmethod");
  const candidates = expressionsOf(program, fn, mined, "r").slice(0, mostCandidates);
  return candidates.length === 0 ? [] : [{ key: functionKey(program, fn), self: isBound ? `${fn.owner?.declaration ?? -1}` : null, candidates }];
}

/** chain: on a made object of its class; r: on the object r. */
function expressionsOf(program: RustProgram, fn: RustFunction, mined: Mined, on: "chain" | "r"): string[] {
  const lists = distinct([...argumentLists(program, fn).slice(0, mostCandidates / 2), ...(mined.get(pythonNameOf(fn)) ?? [])]);
  if (fn.exposed === "function") return lists.map((given) => `@${functionKey(program, fn)}@(${given})`);
  const owner = fn.owner?.declaration;
  if (owner === undefined) return [];
  const name = pythonNameOf(fn);
  if (has(fn, "staticmethod") || has(fn, "classmethod")) return lists.map((given) => `@${owner}@.${name}(${given})`);
  const object = on === "r" ? "r" : `k($${owner}$)`;
  if (has(fn, "getter")) return [`${object}.${name}`];
  if (has(fn, "setter")) return lists.map((given) => `setattr(${object}, '${name}', ${given})`);
  const isSlot = /^__\w+__$/.test(name);
  if (!isSlot) return lists.map((given) => `${object}.${name}(${given})`);
  const form = slots.get(name);
  return form === undefined ? [] : lists.map((given) => form.replace("$", object).replace("*", given));
}

/** Slots as expressions; those that only the interpreter runs are not here. Source: Python's data model, "Special method names". */
const slots: ReadonlyMap<string, string> = new Map([
  ...["repr", "str", "hash", "len", "iter", "next", "bool", "int", "float", "reversed"].map((name) => [`__${name}__`, `${name}($)`] as const),
  ...["getitem", "setitem", "delitem", "contains", "enter", "exit", "add", "sub", "eq", "lt", "copy", "reduce", "getstate", "call"].map(
    (name) => [`__${name}__`, `$.__${name}__(*)`] as const,
  ),
]);

type Mined = ReadonlyMap<string, readonly string[]>;

/** What tests and documents pass, by the name they call. Arguments that need other names are refused when they are tried. */
function minedArguments(usages: readonly Usage[], names: ReadonlySet<string>): Mined {
  const found = new Map<string, Set<string>>();
  for (const { steps } of usages) {
    for (const { text, uses } of steps) {
      for (const name of uses) {
        if (!names.has(name)) continue;
        const own = found.get(name) ?? new Set();
        found.set(name, own);
        for (const given of callsIn(text, name)) if (own.size < mostMined) own.add(given);
      }
    }
  }
  return new Map([...found].map(([name, texts]) => [name, [...texts]]));
}

function callsIn(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`\\b${name}\\(`, "g"))].flatMap(({ 0: opening, index }) => {
    const from = index + opening.length;
    let depth = 1;
    for (const { 0: token, index: at } of text.slice(from, from + longestMined).matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[([{]|[)\]}]/g)) {
      if (/^[([{]$/.test(token)) depth++;
      else if (/^[)\]}]$/.test(token) && --depth === 0)
        return [
          text
            .slice(from, from + at)
            .replaceAll(/\s+/g, " ")
            .trim(),
        ];
    }
    return [];
  });
}

function pythonNameOfClass({ name, pyclass }: RustStruct): string {
  return givenName([pyclass]) ?? name;
}

/** `name = "other"` gives it another name; a getter and a setter are called after the attribute. */
function pythonNameOf(fn: RustFunction): string {
  const accessor = fn.attributes.find(({ name }) => name === "getter" || name === "setter");
  const said = accessor && [...accessor.arguments.keys()][0];
  return givenName(fn.attributes) ?? said ?? (accessor === undefined ? fn.name : fn.name.replace(/^[gs]et_/, ""));
}

function givenName(attributes: readonly (RustAttribute | undefined)[]): string | undefined {
  return attributes.flatMap((attribute) => attribute?.arguments.get("name") ?? [])[0]?.replaceAll('"', "");
}

/** Modules of Rust are often called as those of Python. */
function hintsOf({ span }: RustFunction | RustStruct): string[] {
  return span.file.replace(/\.rs$/, "").split("/");
}

function has({ attributes }: RustFunction, wanted: string): boolean {
  return attributes.some(({ name }) => name === wanted);
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
