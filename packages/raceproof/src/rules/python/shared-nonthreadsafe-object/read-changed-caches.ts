// A program in, its mappings whose reads change them and that take no lock out: constructor -> what is known of their objects.
import type { ClassFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { mappingOperations } from "../../../models/index.ts";
import type { SingleThreadObjectRow } from "../../../models/index.ts";
import { mutatesElements } from "../container-operations.ts";

export function readChangedCaches(program: Program): ReadonlyMap<number, SingleThreadObjectRow> {
  const out = new Map<number, SingleThreadObjectRow>();
  for (const cls of program.classes.values()) {
    const read = program.functions[cls.methods.get("__getitem__") ?? -1];
    const constructor = cls.methods.get("__init__") ?? cls.methods.get("__new__");
    if (read && constructor !== undefined && changesOwnOrder(read)) out.set(constructor, rowOf(cls));
  }
  return out;
}

/** `self.data.move_to_end(key)`, or taken out and put back. */
function changesOwnOrder({ accesses, acquisitions }: FunctionFact): boolean {
  if (acquisitions.length > 0) return false;
  return accesses.some(
    ({ text, operation, lockset, kind }) => kind === "call" && lockset.length === 0 && /^self\.\w+$/.test(text) && mutatesElements(operation),
  );
}

function rowOf({ qualifiedName, module }: ClassFact): SingleThreadObjectRow {
  return {
    what: `one ${qualifiedName}, which changes when it is read,`,
    constructors: [],
    methods: mappingOperations,
    trouble: "KeyError or RuntimeError from inside it, or an order that no longer fits its items",
    ground: "careful",
    source: module,
  };
}
