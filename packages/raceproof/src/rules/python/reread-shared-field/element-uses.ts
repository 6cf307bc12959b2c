// A function in, its uses of a list or dict element that another function may have emptied (set to None) in the meantime out.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { testAsAccess } from "../call-as-access.ts";
import { interferingWith } from "../hazard-draft.ts";

export interface Reread {
  /** What is looked at first, and what relies on it later. */
  readonly first: AccessFact;
  readonly second: AccessFact;
  readonly interfering: readonly AccessFact[];
  readonly why: "emptied" | "asserted" | "shrunk" | "replaced" | "copied" | "flag";
}

export function emptiedElementsIn(program: Program, fn: FunctionFact, emptied: ReadonlyMap<string, readonly AccessFact[]>): Reread[] {
  const out = new Map<string, Reread>();
  for (const access of fn.accesses) {
    const stores = emptied.get(access.location.key);
    if (!stores || out.has(access.location.key) || !isOpenLook(access)) continue;
    const interfering = interferingWith(program, access, (other) => stores.includes(other) && other.functionId !== fn.id);
    const use = interfering.length > 0 ? useOf(program, fn, access) : undefined;
    if (use) out.set(access.location.key, { first: access, interfering, ...use });
  }
  return [...out.values()];
}

function isOpenLook({ sharing, lockset, operation, kind, handled }: AccessFact): boolean {
  if (sharing !== "shared" || lockset.length > 0) return false;
  if (handled.some((name) => name === "*" || name === "Exception" || name === "AttributeError" || name === "TypeError")) return false;
  return operation === "[]" || kind === "iterate";
}

/** `e = table[i]` ... `e.x` without asking, or `assert e is not None`. */
function useOf(program: Program, fn: FunctionFact, look: AccessFact): Pick<Reread, "second" | "why"> | undefined {
  const name = localFor(program, look);
  if (name === undefined) return undefined;
  const later = fn.tests.filter((test) => test.condition[1] > look.order);
  for (const test of later) {
    const text = program.sourceOf(test.span);
    if (new RegExp(`^assert ${name}( is not None)?\\b`).test(text)) return { second: testAsAccess(test, look), why: "asserted" };
    if (new RegExp(`^(if|elif|while) .*\\b${name}( is( not)? None|\\b(?![.\\[(]))`).test(text.slice(0, 200).split(":")[0] ?? "")) return undefined;
  }
  const uses = fn.accesses.filter((access) => access.order > look.order && access.text.startsWith(`${name}.`) && access.location.ownerKind === "instance");
  const second = look.kind === "iterate" ? undefined : uses[0];
  return second && { second, why: "emptied" };
}

/** The name the element gets: `e = table[i]`, `for i, e in enumerate(table)`. */
function localFor(program: Program, look: AccessFact): string | undefined {
  const text = program.sourceOf(look.statement);
  if (look.kind === "iterate") return /^for (?:\w+, )?(\w+) in /.exec(text)?.[1];
  return /^(\w+) = [\w.]+\[/.exec(text)?.[1];
}
