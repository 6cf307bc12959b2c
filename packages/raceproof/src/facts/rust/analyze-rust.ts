// The facts of a subject's Rust code. What enters: parsed files and crates. What leaves: a RustProgram.
// Misses: code that macros make. Over-reports: a call through a trait may run any of its implementors.
import type { RustUnit } from "../../sources/index.ts";
import type { CargoProject, RustCall, RustCrate, RustFunction, RustProgram, SourceSpan } from "../../vocabulary/index.ts";
import type { RustTables } from "./body.ts";
import { collectItems } from "./collect-items.ts";
import { declareFunctions } from "./declare-functions.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import { declareStatics, declareStructs } from "./declare-structs.ts";
import { collectEffects } from "./effects.ts";
import type { ProgramEffects } from "./effects.ts";
import { placeReturnedGuards } from "./returned-guards.ts";
import { RustTypeReader } from "./type-reader.ts";
import { RustReader } from "./rust-reader.ts";
import { walkFunction } from "./walk-function.ts";
import type { WalkedFunction } from "./walk-function.ts";

export function analyzeRust(units: readonly RustUnit[], cargo: CargoProject): RustProgram {
  const crates = cratesOf(cargo);
  const readers = units.map((unit) => new RustReader(unit));
  const items = collectItems(readers, crates);
  const types = new RustTypeReader(items);
  const declaredStructs = declareStructs(items, types);
  const { holdings } = declaredStructs;
  const statics = declareStatics(items, types, holdings);
  const { functions, implementations, pythonModules, byPath, ofTraits } = declareFunctions(items, types);
  const tables: RustTables = { ...declaredStructs, types, functionsByPath: byPath, methodsOfTraits: ofTraits, functions, statics };
  const walked = placeReturnedGuards(functions.map((declared) => walkFunction(declared, tables)));
  const effects = collectEffects(walked, holdings);
  const byFile = new Map(readers.map((reader) => [reader.path, reader]));
  return {
    cargo,
    crates,
    structs: declaredStructs.structs,
    functions: functions.map((declared, id) => functionOf(declared, walked[id] as WalkedFunction, effects)),
    statics: [...statics.values()],
    implementations,
    pythonModules,
    excerptOf: ({ file, line }: SourceSpan) => byFile.get(file)?.line(line) ?? "",
  };
}

/** The last one has the files that belong to no package. */
function cratesOf({ packages }: CargoProject): RustCrate[] {
  return [...packages, { name: "crate", folder: "", libraryPath: undefined, manifest: undefined, pyo3: undefined }];
}

function functionOf(declared: DeclaredFunction, { scopes, events, guards }: WalkedFunction, { effects, ofCalls }: ProgramEffects): RustFunction {
  const { item: _item, place: _place, patterns: _patterns, path: _path, bounds: _bounds, ...known } = declared;
  const kinds = ofCalls[declared.id];
  return {
    ...known,
    scopes,
    guards,
    events: events.map((event) => (event.kind === "call" ? ({ ...event, effects: kinds?.get(event.order) ?? [] } satisfies RustCall) : event)),
    effects: effects[declared.id] ?? [],
  };
}
