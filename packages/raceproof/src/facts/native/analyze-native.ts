// The facts of an extension in one build configuration: bodies walked callees first, then what callers add.
// What enters: parsed units. What leaves: a NativeProgram. Recursion: a function whose callee comes later is walked again once all are known.
import { CKind, nameOf } from "../../sources/index.ts";
import type { CProgram, CUnit } from "../../sources/index.ts";
import { slotDispatch } from "../../models/index.ts";
import { asObject } from "../../vocabulary/index.ts";
import type { NativeFunction, NativeOrigin, NativeProgram } from "../../vocabulary/index.ts";
import { isPossibleEffect } from "./argument-tuples.ts";
import { NativeBody } from "./body.ts";
import { declareTables } from "./declare-tables.ts";
import { markCalledUnseen } from "./called-unseen.ts";
import { collectBindings, collectBoundClasses } from "./bindings.ts";
import type { BoundSpan } from "./bindings.ts";
import { declareFunctions, declareStatics } from "./declare-functions.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import { collectEntryPoints } from "./entry-points.ts";
import type { EntryTable } from "./entry-points.ts";
import { holdAtEntry } from "./entry-holds.ts";
import { builtFreeThreaded, declaredFreeThreading } from "./free-threading-declaration.ts";
import type { BuildFile } from "./free-threading-declaration.ts";
import { holdsOfBinding, lifetimeEntries, MethodTable } from "./methods.ts";
import { objectStructOf } from "./object-parameter.ts";
import { distinctEffects, distinctStores, emptySummary, isVisible } from "./summaries.ts";
import type { NativeSummary } from "./summaries.ts";
import { NativeTypeTable } from "./type-table.ts";
import { readerOf } from "./unit-reader.ts";
import { constantValue, noValue } from "./values.ts";
import type { NativePlace } from "./values.ts";
import { evaluateCall } from "./walk-call.ts";
import type { WalkContext } from "./walk-context.ts";
import { startStatements, walkStatement } from "./walk-statement.ts";

/**
 * @param configuration name of one of the program's build configurations
 * @param builds files that say how the extension is built
 */
export function analyzeNative(program: CProgram, configuration: string, builds: readonly BuildFile[] = []): NativeProgram {
  const units = program.units.filter((unit: CUnit) => unit.configurations.includes(configuration));
  const readers = units.map((unit) => readerOf(program, unit));
  const types = new NativeTypeTable();
  for (const reader of readers) types.collect(reader.tree, reader.spanOf);
  for (const { tree } of readers) collectBoundClasses(tree, types);
  const functions = declareFunctions(readers, types);
  const named = byName(functions);
  const entries: EntryTable = new Map();
  const methods = new MethodTable(functions, types);
  const names = { isFunction: (name: string): boolean => named.has(name), methodNames: methods.fullNames.bind(methods) };
  const spans = new Map<string, BoundSpan>();
  for (const { tree } of readers) {
    collectEntryPoints(tree, (name) => named.has(name), entries);
    collectBindings(tree, names, { entries, spans });
  }
  const analysis = new BodyAnalysis({ types, functions, named, methods, entries, spans, statics: declareStatics(readers, types) });
  const walked = analysis.run();
  return {
    configuration,
    functions: holdAtEntry(markCalledUnseen(walked, functions, readers)),
    statics: analysis.statics,
    moduleStates: types.moduleStates,
    heapTypeTables: new Set([...analysis.statics.values()].filter(({ type }) => type === "PyType_Slot").map(({ name }) => name)),
    tables: declareTables(readers),
    mutexHolders: types.mutexHolders(),
    declaresFreeThreading: declaredFreeThreading(readers) ?? builtFreeThreaded(builds),
    excerptOf: ({ file, line }) => lineOf(program, file, line),
  };
}

function byName(functions: readonly DeclaredFunction[]): ReadonlyMap<string, readonly DeclaredFunction[]> {
  const named = new Map<string, DeclaredFunction[]>();
  for (const fn of functions) named.set(fn.name, [...(named.get(fn.name) ?? []), fn]);
  return named;
}

function lineOf(program: CProgram, file: string, line: number): string {
  const source = program.files.get(file);
  if (!source) return "";
  const start = source.lineStarts[line - 1] ?? 0;
  return new TextDecoder().decode(source.bytes.subarray(start, source.lineStarts[line] ?? source.bytes.length)).trim();
}

interface Declarations {
  readonly types: NativeTypeTable;
  readonly functions: readonly DeclaredFunction[];
  readonly named: ReadonlyMap<string, readonly DeclaredFunction[]>;
  readonly methods: MethodTable;
  readonly entries: EntryTable;
  readonly spans: ReadonlyMap<string, BoundSpan>;
  readonly statics: ReturnType<typeof declareStatics>;
}

class BodyAnalysis {
  readonly statics: Declarations["statics"];
  readonly #declared: Declarations;
  readonly #summaries: NativeSummary[];
  /** "struct slot" -> functions; "slot" alone -> those of all structs. */
  readonly #slots = new Map<string, number[]>();

  constructor(declared: Declarations) {
    this.#declared = declared;
    this.statics = declared.statics;
    this.#summaries = declared.functions.map(({ returns }) => ({ ...emptySummary, type: returns }));
    for (const fn of declared.functions) {
      for (const { kind, name } of declared.entries.get(fn.name) ?? []) {
        const struct = kind === "slot" ? objectStructOf(fn, declared.types) : undefined;
        if (struct === undefined) continue;
        for (const key of [`${struct} ${name}`, name]) this.#slots.set(key, [...(this.#slots.get(key) ?? []), fn.id]);
      }
    }
  }

  run(): NativeFunction[] {
    const { order, again } = this.#calleesFirst();
    const walked: NativeFunction[] = [];
    for (const id of order) walked[id] = this.#walk(this.#declared.functions[id] as DeclaredFunction);
    for (const id of order.filter((each) => again.has(each))) walked[id] = this.#walk(this.#declared.functions[id] as DeclaredFunction);
    return walked;
  }

  #targetsOf(name: string, from: string): readonly number[] {
    const all = this.#declared.named.get(name) ?? [];
    const own = all.filter(({ reader }) => reader.unit.path === from);
    return (own.length > 0 ? own : all).map(({ id }) => id);
  }

  /** Slots of the program's own types that a call of the API may run. */
  #slotsBehind(name: string): readonly number[] {
    const row = slotDispatch.get(name);
    return row === undefined ? [] : [...row.slots, ...(row.iterates ? ["tp_iternext"] : [])].flatMap((slot) => this.#slots.get(slot) ?? []);
  }

  #calleesFirst(): { order: number[]; again: ReadonlySet<number> } {
    const state = new Map<number, "open" | "done">();
    const order: number[] = [];
    const again = new Set<number>();
    const visit = (id: number): void => {
      state.set(id, "open");
      const fn = this.#declared.functions[id] as DeclaredFunction;
      for (const callee of fn.calls.flatMap((name) => [
        ...this.#targetsOf(name, fn.reader.unit.path),
        ...this.#slotsBehind(name),
        ...this.#declared.methods.named(name),
      ])) {
        if (!state.has(callee)) visit(callee);
        else if (state.get(callee) === "open") again.add(id);
      }
      state.set(id, "done");
      order.push(id);
    };
    for (const { id } of this.#declared.functions) if (!state.has(id)) visit(id);
    return { order, again };
  }

  #walk(fn: DeclaredFunction): NativeFunction {
    const { types } = this.#declared;
    const body = new NativeBody(fn.id);
    fn.parameters.forEach(({ name, type }, index) => {
      const root: NativeOrigin = { root: { kind: "parameter", index }, path: [], interior: false, ownerDepth: -1 };
      body.environment.declare(name, type);
      body.environment.assign(
        name,
        { ...noValue, type, origin: types.pointsAtObject(type) ? asObject(root) : root, object: types.pointsAtObject(type) ? type.struct : undefined },
        -1,
      );
    });
    const context: WalkContext = {
      reader: fn.reader,
      types,
      body,
      targetsOf: (name) => this.#targetsOf(name, fn.reader.unit.path),
      methodsOf: (struct, name) => this.#declared.methods.of(struct, name),
      slotsOf: (struct, slot) => this.#slots.get(`${struct} ${slot}`) ?? [],
      summaryOf: (id) => this.#summaries[id] ?? emptySummary,
      staticPlace: (name) => this.#staticPlace(name, fn.reader.unit.path),
      constant: ({ reader }, node) => this.#constant(reader.tree.kind[node] === CKind.Identifier ? nameOf(reader.tree, node) : "", fn),
      call: evaluateCall,
    };
    for (const hold of holdsOfBinding(this.#declared.spans.get(fn.name), fn)) body.open(hold);
    walkStatement(startStatements(context), fn.body);
    const entries = this.#declared.entries.get(fn.name) ?? [];
    const effects = distinctEffects(body.effects.filter((effect) => isPossibleEffect(effect, entries)));
    this.#summaries[fn.id] = summaryOf(body, effects, fn);
    return this.#described(fn, body, effects);
  }

  #constant(name: string, fn: DeclaredFunction): ReturnType<WalkContext["constant"]> {
    if (name === "") return noValue;
    return fn.reader.unit.constants.has(name) || /^[A-Z][A-Z0-9_]*$/.test(name) ? constantValue(name) : noValue;
  }

  #staticPlace(name: string, from: string): NativePlace | undefined {
    const variable = this.statics.get(name);
    if (variable === undefined || (variable.onlyIn !== undefined && variable.onlyIn !== from)) return undefined;
    const { types } = this.#declared;
    const { nativeType: type } = variable;
    const address: NativeOrigin = { root: { kind: "static", name }, path: [], interior: false, ownerDepth: -1 };
    const embedded = type.pointers === 0 && type.struct !== undefined;
    return {
      kind: "memory",
      location: name,
      holds: variable.holds,
      base: address,
      address,
      type,
      embedded,
      atomic: /^_?atomic_|^_Atomic|^atomic$/.test(variable.type) || types.holds(type) === "mutex",
      through: undefined,
    };
  }

  #described(fn: DeclaredFunction, body: NativeBody, effects: NativeFunction["effects"]): NativeFunction {
    const { types, entries } = this.#declared;
    return {
      id: fn.id,
      name: fn.name,
      span: fn.reader.spanOf(fn.nameNode),
      parameters: fn.parameters.map(({ name, type }) => ({ name, type: type.name, object: types.pointsAtObject(type) })),
      generated: fn.generated,
      calledUnseen: false,
      entries: [...(entries.get(fn.name) ?? []), ...lifetimeEntries(fn)],
      events: body.events,
      loops: body.loops,
      branches: body.branches,
      effects,
      entryHeld: [],
      effect: body.effect,
    };
  }
}

function summaryOf(body: NativeBody, effects: NativeFunction["effects"], { returns }: DeclaredFunction): NativeSummary {
  const made = body.returned.find(({ origin }) => origin.root.kind === "fresh" && origin.path.length === 0);
  return {
    effects: effects.filter(({ base }) => isVisible(base) && base.root.kind !== "result"),
    stores: distinctStores(body.stores),
    returned: body.returned.map(({ origin }) => origin).filter(({ root }) => root.kind === "parameter" || root.kind === "static"),
    made: made && {
      struct: made.object ?? made.type.struct,
      fields: body.environment.fieldsOf(made.origin).map(({ path, value }) => ({ path, value: value.origin })),
    },
    type: returns,
    effect: body.effect,
    strings: [...body.strings].flatMap((key) => (/^p\d+$/.test(key) ? [Number(key.slice(1))] : [])),
  };
}
