// A helper empties some fields of an entry and leaves the one that says it is alive, for a later step to finish; its callers let other code run in between.
// Misses: entries that are emptied by copying over them. Over-reports: entries that nobody else can find meanwhile.
import type { Hazard, NativeAccess, NativeCall, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { originKey } from "../../../vocabulary/index.ts";
import { callsOf, canFollow, reasonOf } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/half-deleted-window",
  title: "Half deleted while other code runs",
  severity: "crash",
  consequence: "Lookups and iterations find an entry whose fields are NULL, and follow them.",
  sources: ["an extension in C: an update clears key and value first and the entry's identity later", "PEP 703: critical sections may be suspended"],
  since: "0.2.0",
  fixes: [
    {
      title: "Take the whole entry out at once",
      cost: "medium",
      detail: "Move its references into locals, set every field, and drop the references afterwards.",
    },
    { title: "Readers that expect it", cost: "medium", detail: "Every function that follows the fields tests them for NULL first." },
  ],
};

/** What one function empties of one entry. */
interface Emptied {
  readonly fn: NativeFunction;
  readonly struct: string;
  readonly fields: ReadonlyMap<string, NativeAccess>;
}

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  const functions = program.functions.filter(
    ({ id, generated, entries }) => !generated && reached.has(id) && entries.every(({ company }) => company === "ordinary"),
  );
  const emptied = functions.flatMap(emptiedBy);
  return emptied.flatMap((part) => {
    const whole = emptied.find((other) => isWhole(other, part));
    const [first] = part.fields.values();
    if (whole === undefined || first === undefined || part.fn.entryHeld.some(({ kind }) => kind === "lock")) return [];
    // Who finds the others NULL already is the one that finishes.
    if (testsForNull(part.fn, leftBy(part, whole)) || !isFinishedLater(functions, part)) return [];
    const way = callersGoOn(functions, part.fn);
    return way === undefined ? [] : [report(program, { part, whole, first }, way)];
  });
}

/** Fields of objects references go into, set to NULL, by the entry they are fields of. */
function emptiedBy(fn: NativeFunction): Emptied[] {
  const groups = new Map<string, Map<string, NativeAccess>>();
  for (const event of fn.events) {
    if (
      event.kind !== "access" ||
      event.mode !== "write" ||
      event.holds !== "object" ||
      event.stored?.constant !== "NULL" ||
      event.base.root.kind !== "parameter"
    )
      continue;
    // An object that drops a field of its own is no entry.
    if (event.base.ownerDepth === event.base.path.length) continue;
    const struct = event.location.split(".")[0] ?? "";
    const key = `${struct} ${originKey(event.base)}`;
    groups.set(key, (groups.get(key) ?? new Map<string, NativeAccess>()).set(event.location, event));
  }
  return [...groups].map(([key, fields]) => ({ fn, struct: key.split(" ")[0] ?? "", fields }));
}

/** It empties the same fields and more of them. */
function isWhole(whole: Emptied, part: Emptied): boolean {
  return (
    whole.fn.id !== part.fn.id &&
    whole.struct === part.struct &&
    whole.fields.size > part.fields.size &&
    [...part.fields.keys()].every((field) => whole.fields.has(field))
  );
}

/** Fields that a whole removal empties as well. */
function leftBy(part: Emptied, whole: Emptied): string[] {
  return [...whole.fields.keys()].filter((field) => !part.fields.has(field));
}

/** Somebody looks for entries in that state. */
function isFinishedLater(functions: readonly NativeFunction[], { fn, fields }: Emptied): boolean {
  return functions.some((other) => other.id !== fn.id && testsForNull(other, [...fields.keys()]));
}

function testsForNull({ branches }: NativeFunction, locations: readonly string[]): boolean {
  const names = locations.map((location) => location.slice(location.lastIndexOf(".") + 1)).join("|");
  const test = new RegExp(`(?:->|\\.)(?:${names})\\s*[!=]=\\s*NULL|!\\s*\\w+(?:->|\\.)(?:${names})\\b`);
  return branches.some((branch) => test.test(branch.test));
}

function callersGoOn(functions: readonly NativeFunction[], { id }: NativeFunction): { readonly caller: NativeFunction; readonly call: NativeCall } | undefined {
  for (const caller of functions) {
    const calls = callsOf(caller);
    for (const start of calls.filter(({ targets }) => targets.includes(id))) {
      const call = calls.find((each) => each.effect !== "none" && canFollow(caller, start, each));
      if (call) return { caller, call };
    }
  }
  return undefined;
}

function report(
  program: NativeProgram,
  { part, whole, first }: { readonly part: Emptied; readonly whole: Emptied; readonly first: NativeAccess },
  { caller, call }: { readonly caller: NativeFunction; readonly call: NativeCall },
): Hazard {
  const left = leftBy(part, whole);
  const emptied = `empties ${[...part.fields.keys()].join(" and ")} and leaves ${left.join(" and ")}`;
  // A section that all callers hold keeps other threads out of the helper; what is left is the code that a caller lets in.
  const isSectioned = part.fn.entryHeld.some(({ kind }) => kind === "section");
  return draftNativeHazard(program, metadata, {
    fn: isSectioned ? caller : part.fn,
    span: isSectioned ? call.span : first.span,
    location: first.location,
    accesses: [{ span: first.span, function: part.fn.name, kind: "write", held: first.held }],
    confidence: "medium",
    evidence: [`${whole.fn.name} empties ${left.join(", ")} as well`, `${caller.name} goes on: ${reasonOf(call)} (${call.span.file}:${call.span.line})`],
    message: isSectioned
      ? `${call.callee} lets other code run after ${part.fn.name}, which ${emptied}: the entry is found half deleted, inside the section as well`
      : `${part.fn.name} ${emptied}: the entry is found half deleted`,
  });
}

export const rule: NativeRule = { metadata, find };
