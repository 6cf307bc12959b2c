// A function in, its lengths of a list kept in a local and used as an index when the list may have shrunk out.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { needsElement, removes } from "../container-operations.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { Reread } from "./element-uses.ts";

export function shrunkContainersIn(program: Program, fn: FunctionFact): Reread[] {
  const out = new Map<string, Reread>();
  for (const length of fn.accesses) {
    if (length.operation !== "len" || out.has(length.location.key) || !isOpen(length)) continue;
    const name = indexFrom(program, length);
    const use = name === undefined ? undefined : fn.accesses.find((access) => isUse(access, length, name));
    if (!use) continue;
    const interfering = interferingWith(program, use, (other) => shrinks(other) && other.functionId !== fn.id);
    if (interfering.length > 0) out.set(length.location.key, { first: length, second: use, interfering, why: "shrunk" });
  }
  return [...out.values()];
}

function isOpen({ sharing, lockset, container, location }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0 && (container === "list" || container === "deque") && location.path !== "<items>";
}

/** `n = len(x) - 1`, `for i in range(len(x))`. */
function indexFrom(program: Program, length: AccessFact): string | undefined {
  const text = program.sourceOf(length.statement);
  return /^for (\w+) in (?:reversed\()?range\(/.exec(text)?.[1] ?? /^(\w+) = (?:\w+\()*len\(/.exec(text)?.[1];
}

function isUse(access: AccessFact, length: AccessFact, name: string): boolean {
  if (access.location.key !== length.location.key || access.order <= length.order || access.text !== length.text) return false;
  if (access.handled.some((each) => each === "*" || /(^|\.)(IndexError|LookupError|Exception)$/.test(each))) return false;
  return needsElement(access.operation) && new RegExp(`\\b${name}\\b`).test(access.key ?? "");
}

function shrinks(access: AccessFact): boolean {
  return removes(access.operation) || (access.kind === "write" && access.operation === "=" && access.sharing === "shared");
}
