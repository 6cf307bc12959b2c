// Where a crate does what a defect of its PyO3 needs. Enters: the program, a crate. Leaves: places by practice.
import type { Pyo3Practice } from "../../models/index.ts";
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustCall, RustFunction, RustProgram, RustType } from "../../vocabulary/index.ts";
import type { CratePlace } from "./crate-hazard.ts";

const isPythonMethod = ({ context, testOnly }: RustFunction): boolean => context === "pymethods" && !testOnly;

export function placesOf(program: RustProgram, crate: number, practice: Pyo3Practice): CratePlace[] {
  switch (practice) {
    case "freelist":
    case "unsendable":
      return classesWith(program, crate, practice);
    case "traverse":
      return traversals(program, crate).map(placeOfFunction);
    case "visits-option":
      return traversals(program, crate).filter(visitsOption).map(placeOfFunction);
    case "mutable-method":
      return functionsOf(program, crate)
        .filter((fn) => isPythonMethod(fn) && changesItself(fn))
        .map(placeOfFunction);
    case "dict-iteration":
      return callsOf(program, crate, (call) => isIteration(call, "PyDict"));
    case "list-iteration":
      return callsOf(program, crate, (call) => isIteration(call, "PyList"));
    case "borrowed-lookup":
      return callsOf(program, crate, ({ name, receiver }) => name.startsWith("get_item") && mentions(receiver?.type, /^Py(?:Dict|List)$/));
    case "detached-clone":
      return callsOf(
        program,
        crate,
        ({ name, receiver, attachment }) => name === "clone" && mentions(receiver?.type, /^Py(?:Object)?$/) && isDetached(attachment),
      );
  }
}

export function traversals(program: RustProgram, crate: number): RustFunction[] {
  return functionsOf(program, crate).filter((fn) => fn.name === "__traverse__" && isPythonMethod(fn));
}

export function functionsOf({ functions }: RustProgram, crate: number): RustFunction[] {
  return functions.filter((fn) => fn.crate === crate && !fn.testOnly);
}

export function placeOfFunction({ span, qualifiedName }: RustFunction): CratePlace {
  return { span, name: qualifiedName };
}

export function isDetached(attachment: RustCall["attachment"]): boolean {
  return attachment === "detached" || attachment === "spawned";
}

function classesWith({ structs }: RustProgram, crate: number, argument: string): CratePlace[] {
  return structs.filter((each) => each.crate === crate && !each.testOnly && each.pyclass?.arguments.has(argument)).map(({ span, name }) => ({ span, name }));
}

function visitsOption({ events }: RustFunction): boolean {
  return events.some(
    (event) => event.kind === "call" && event.name === "call" && event.arguments.some(({ type }) => withoutReferences(type).name === "Option"),
  );
}

/** `__clear__` runs when nobody else has the object. */
function changesItself({ name, parameters }: RustFunction): boolean {
  const [self] = parameters;
  return name !== "__clear__" && self?.name === "self" && self.type.name === "&" && self.type.mutable;
}

function callsOf(program: RustProgram, crate: number, isWanted: (call: RustCall) => boolean): CratePlace[] {
  return functionsOf(program, crate).flatMap((fn) =>
    fn.events.flatMap((event) => (event.kind === "call" && isWanted(event) ? [{ span: event.span, name: fn.qualifiedName }] : [])),
  );
}

function isIteration({ name, receiver }: RustCall, type: string): boolean {
  return ["iter", "into_iter", "for_each"].includes(name) && mentions(receiver?.type, new RegExp(`^${type}$`));
}

/** The type itself, or what a reference, Bound or Py of it leads to. */
function mentions(type: RustType | undefined, name: RegExp): boolean {
  if (type === undefined) return false;
  const plain = withoutReferences(type);
  return name.test(plain.name) || (["Bound", "Borrowed", "Py"].includes(plain.name) && plain.arguments.some((part) => mentions(part, name)));
}
