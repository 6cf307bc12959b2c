// A function in, the flags that it asks before a call that does the work and sets them, out: `if not listener.running: listener.start()`,
// where `start` ends with `self.running = True` and asks nothing itself. Flags that the function sets itself are another shape.
import type { AccessFact, CallFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing } from "../confidence.ts";
import { isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";

/** At most one per flag. */
export function setByCallsIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const check of fn.accesses) {
    if (!isOpenFlag(check) || out.has(check.location.key)) continue;
    for (const test of fn.tests) {
      if (test.kind !== "if" || !isInCondition(check.order, test)) continue;
      const started = startedBy(program, fn, check, test);
      if (started) out.set(check.location.key, draftOf(program, fn, { check, ...started }));
    }
  }
  return [...out.values()];
}

interface Started {
  readonly call: CallFact;
  readonly set: AccessFact;
}

function isOpenFlag({ kind, operation, container, sharing, lockset, location, text }: AccessFact): boolean {
  if (kind !== "check" || operation !== "truth" || container !== "boolean") return false;
  // Whoever asks itself and then calls itself is one call of the object: its users' business as much as the class's.
  return sharing === "shared" && lockset.length === 0 && location.ownerKind === "instance" && !/^self\.\w+$/.test(text);
}

/** A method of the very object, called in a branch of the test, that starts something and says so only then. */
function startedBy(program: Program, fn: FunctionFact, check: AccessFact, test: TestFact): Started | undefined {
  const owner = check.text.slice(0, check.text.lastIndexOf("."));
  for (const call of fn.calls) {
    const isControlled = isWithin(call.order, test.whenTrue) || isWithin(call.order, test.whenFalse);
    if (!isControlled || call.lockset.length > 0 || call.targets.length !== 1 || call.text.slice(0, call.text.lastIndexOf(".")) !== owner) continue;
    const set = setAfterWork(program.functions[call.targets[0] as number], check);
    if (set) return { call, set };
  }
  return undefined;
}

function isWithin(order: number, [from, to]: readonly [number, number]): boolean {
  return order >= from && order < to;
}

function setAfterWork(fn: FunctionFact | undefined, { location }: AccessFact): AccessFact | undefined {
  const own = fn?.accesses.filter((access) => access.location.key === location.key) ?? [];
  if (own.some(({ kind }) => kind === "check")) return undefined;
  const set = own.find(({ kind, operation, stored, sharing, lockset }) => {
    return kind === "write" && operation === "=" && stored === "constant" && sharing === "shared" && lockset.length === 0;
  });
  return set && fn?.calls.some(({ order, text }) => order < set.order && /(^|[._])(start|connect|open|listen|bind)$/.test(text)) ? set : undefined;
}

function draftOf(program: Program, fn: FunctionFact, { check, call, set }: Started & { readonly check: AccessFact }): HazardDraft {
  return {
    main: set,
    sequence: [check, callAsAccess(call, fn, "call", check), set],
    interfering: [set],
    ...beliefInSharing(program, check),
    message: `${set.text} is set here, once everything has started, and ${fn.qualifiedName} (line ${check.span.line}) asks for it before it calls ${call.text}: two threads both start it`,
  };
}
