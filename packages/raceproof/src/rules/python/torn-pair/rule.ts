// Fields of one object that belong together are reset, or copied to another object, one after the other without a lock.
// Misses: fields related through properties. Over-reports: objects that are reset only while nobody uses them.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { provokeTear } from "./provoke.ts";
import { relationOf, relationsIn } from "./related-fields.ts";
import type { Relations } from "./related-fields.ts";

const metadata: RuleMetadata = {
  id: "python/torn-pair",
  title: "Related fields changed or copied one by one",
  severity: "wrong-answer",
  consequence: "Another thread sees or copies the new value of one field with the old value of the other: a count that does not match, an index out of range.",
  sources: [
    "Lu et al., MUVI: Automatically Inferring Multi-Variable Access Correlations and Detecting Related Semantic and Concurrency Bugs, SOSP 2007",
    "Artho, Havelund, Biere, High-Level Data Races, 2003",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Keep them in one immutable object", cost: "medium", detail: "`self._state = (items, count)`: one store replaces both, one read gets both." },
    { title: "Change and read them under one lock", cost: "low", detail: "Also where an object is only copied." },
  ],
};

function find(program: Program): Hazard[] {
  const relations = relationsIn(program);
  if (relations.size === 0) return [];
  const functions = indexOf(program).functionsDoing(activity.write | openly(activity.mutate));
  return functions.flatMap((fn) => {
    const resets = fn.phase === "ordinary" ? relatedAmong(relations, fieldsOf(fn, isReset)) : [];
    const copies = relatedAmong(
      relations,
      fieldsOf(fn, (access) => isCopied(fn, access)),
    );
    return [...(resets.length > 1 ? [hazardOf(program, relations, resets)] : []), ...(copies.length > 1 ? [hazardOf(program, relations, copies)] : [])];
  });
}

/** The first access for each field that qualifies. */
function fieldsOf(fn: FunctionFact, qualifies: (access: AccessFact) => boolean): AccessFact[] {
  const out = new Map<string, AccessFact>();
  for (const access of fn.accesses) {
    const open = access.sharing === "shared" && access.lockset.length === 0 && access.location.ownerKind === "instance";
    if (open && !out.has(access.location.key) && qualifies(access)) out.set(access.location.key, access);
  }
  return [...out.values()];
}

function isReset(access: AccessFact): boolean {
  if (!/^self\.\w+$/.test(access.text)) return false;
  if (access.operation === "clear") return true;
  const { stored } = access;
  return (
    access.kind === "write" &&
    access.operation === "=" &&
    (stored === "constant" || stored === "none" || stored === "fresh-container" || stored === "fresh-object")
  );
}

/** `self.count = other.count`: read from another object in a statement that stores it. */
function isCopied(fn: FunctionFact, access: AccessFact): boolean {
  if (access.operation !== "read" || !/^\w+\.\w+$/.test(access.text) || /^(self|cls)\./.test(access.text)) return false;
  return fn.accesses.some((store) => store.kind === "write" && store.statement.line === access.statement.line && /^self\.\w+$/.test(store.text));
}

/** Those with a partner among them that belongs to the same object. */
function relatedAmong(relations: Relations, accesses: readonly AccessFact[]): AccessFact[] {
  if (accesses.length < 2) return [];
  return accesses.filter((one) => accesses.some((other) => other !== one && rootOf(one) === rootOf(other) && belongTogether(relations, one, other)));
}

function rootOf({ text }: AccessFact): string {
  return text.slice(0, text.indexOf("."));
}

function belongTogether(relations: Relations, one: AccessFact, other: AccessFact): boolean {
  const relation = relationOf(relations, one, other);
  return relation !== undefined && (relation.together > 1 || relation.counted);
}

function hazardOf(program: Program, relations: Relations, fields: readonly AccessFact[]): Hazard {
  const [main, partner] = fields as [AccessFact, AccessFact];
  const counted = fields.some((one) => fields.some((other) => relationOf(relations, one, other)?.counted === true));
  const names = fields.map((field) => field.text);
  const copied = main.operation === "read";
  const interfering = interferingWith(program, main, (other) => other.functionId !== main.functionId && (changes(other) || !copied));
  return draftHazard(program, metadata, {
    main,
    sequence: fields,
    interfering,
    ...doubt(beliefInSharing(program, main), [!counted && { steps: 1, because: "elements of both come and go together, but neither counts the other" }]),
    message: `${names.join(", ")} belong together and are ${copied ? "copied" : "reset"} one by one, here and at line ${partner.span.line}, without a lock: other threads ${copied ? "change" : "see"} one without the other`,
  });
}

function changes(access: AccessFact): boolean {
  return access.kind === "write" || access.kind === "update" || addsOrRemoves(access.operation);
}

export const rule: Rule = { metadata, find, provoke: provokeTear };
