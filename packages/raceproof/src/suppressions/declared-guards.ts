// Remarks that name a lock at an assignment and the program's accesses in; which locations they speak about, and how far the code
// keeps to it, out. Locks are compared by their last name: `self._lock` of a comment is `Cache._lock` of a lockset.
import type { Hazard, LocationFact, Notification, Program } from "../vocabulary/index.ts";
import type { Remark } from "./collect-remarks.ts";

export interface DeclaredGuard {
  readonly lock: string;
  readonly file: string;
  readonly line: number;
}

export type DeclaredGuards = ReadonlyMap<string, DeclaredGuard>;

/** By location key. Programs without such comments cost nothing. */
export function declaredGuardsOf(remarks: readonly Remark[], program: Pick<Program, "locations">): DeclaredGuards {
  const declared = remarks.flatMap(({ content, scope, file, line }) =>
    content.kind === "guarded-by" && scope?.at === "statement" ? [{ lock: content.lock, scope, file, line }] : [],
  );
  const guards = new Map<string, DeclaredGuard>();
  if (declared.length === 0) return guards;
  for (const [key, { accesses }] of program.locations) {
    for (const { kind, span } of accesses) {
      const guard = kind === "write" ? declared.find(({ file, scope }) => file === span.file && scope.from <= span.line && span.line <= scope.to) : undefined;
      if (guard) guards.set(key, guard);
    }
  }
  return guards;
}

/** Those of the program's locations that judging needs to know the accesses of. */
export function guardedLocations(remarks: readonly Remark[], program: Pick<Program, "locations">): Map<string, LocationFact> {
  const guards = declaredGuardsOf(remarks, program);
  return new Map([...program.locations].filter(([key]) => guards.has(key)));
}

/** Whether every access of the suspect function holds the named lock. */
export function keepsTo({ lock }: DeclaredGuard, hazard: Hazard): boolean {
  const own = hazard.accesses.filter((access) => access.function === hazard.function && access.location.key === hazard.location.key);
  return own.length > 0 && own.every(({ lockset }) => holds(lockset, lock));
}

/** One note per declared location: what the comment promises and how many accesses keep it. */
export function describeGuards(guards: DeclaredGuards, program: Pick<Program, "locations">): Notification[] {
  return [...guards].flatMap(([key, guard]) => {
    const fact = program.locations.get(key);
    return fact ? [describeGuard(guard, fact)] : [];
  });
}

function describeGuard({ lock, file, line }: DeclaredGuard, { location, accesses }: LocationFact): Notification {
  const shared = accesses.filter(({ sharing }) => sharing === "shared");
  const bare = shared.filter(({ lockset }) => !holds(lockset, lock)).length;
  return {
    level: "note",
    message: `${location.display} is guarded by ${lock}, says the comment: ${bare} of ${shared.length} accesses hold no such lock`,
    file,
    line,
  };
}

function holds(lockset: readonly string[], lock: string): boolean {
  return lockset.some((held) => lastName(held) === lastName(lock));
}

function lastName(text: string): string {
  return text.replace(/\(\)$/, "").split(".").at(-1) ?? text;
}
