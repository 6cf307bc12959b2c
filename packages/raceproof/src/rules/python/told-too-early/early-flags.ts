// A function in, its flags that are set before the data they promise out: `self.ready = True`, `self.value = value`,
// against `if self.ready: return self.value` elsewhere.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { areAlternatives, controls, isInCondition } from "../controlled-by.ts";
import { interferingWith, sharesLock } from "../hazard-draft.ts";

export interface EarlyFlag {
  readonly flag: AccessFact;
  readonly late: AccessFact;
  /** Where another function asks for the flag, and reads the data because of the answer. */
  readonly question: AccessFact;
  readonly read: AccessFact;
}

/** At most one per flag. */
export function earlyFlagsIn(program: Program, fn: FunctionFact): EarlyFlag[] {
  const out: EarlyFlag[] = [];
  for (const flag of fn.accesses) {
    if (!isRaised(program, flag)) continue;
    const late = fn.accesses.filter((access) => isPromised(fn, flag, access));
    const found = late.length > 0 ? earlyFlag(program, flag, late) : undefined;
    if (found) out.push(found);
  }
  return out;
}

function isRaised(program: Program, { kind, operation, stored, container, sharing, lockset, location, statement }: AccessFact): boolean {
  if (kind !== "write" || operation !== "=" || stored !== "constant" || container !== "boolean") return false;
  if (sharing !== "shared" || lockset.length > 0 || location.path.endsWith("]")) return false;
  return program.sourceOf(statement).endsWith("= True");
}

/** A field of the same object that gets a value of this call: a constant is no data. */
function isPromised(fn: FunctionFact, flag: AccessFact, access: AccessFact): boolean {
  if (access.order <= flag.order || access.kind !== "write" || access.operation !== "=" || access.sharing !== "shared") return false;
  if (access.stored !== "other" && access.stored !== "derived") return false;
  if (access.location.key === flag.location.key || receiverOf(access.text) !== receiverOf(flag.text)) return false;
  const isSetBefore = fn.accesses.some((earlier) => earlier.order < flag.order && earlier.kind === "write" && earlier.location.key === access.location.key);
  return !isSetBefore && !areAlternatives(fn.tests, flag.order, access.order);
}

const receiverOf = (text: string): string => text.slice(0, Math.max(0, text.lastIndexOf(".")));

function earlyFlag(program: Program, flag: AccessFact, late: readonly AccessFact[]): EarlyFlag | undefined {
  const elsewhere = (access: AccessFact): boolean => access.functionId !== flag.functionId;
  for (const write of late) {
    const reads = interferingWith(program, write, (other) => elsewhere(other) && (other.kind === "read" || other.kind === "iterate"));
    for (const read of reads) {
      const question = questionBefore(program, flag, read);
      if (question && !sharesLock(flag, question)) return { flag, late: write, question, read };
    }
  }
  return undefined;
}

/** The flag decides whether the data is read: in a test around it, or in a function called first that asks or waits for it. */
function questionBefore(program: Program, flag: AccessFact, read: AccessFact): AccessFact | undefined {
  const reader = program.functions[read.functionId];
  if (!reader || reader.phase !== "ordinary" || reader.qualifiedName.endsWith(".__del__")) return undefined;
  const asked = reader.accesses.find((access) => access.location.key === flag.location.key && access.order < read.order && decides(reader, access, read));
  if (asked) return asked;
  const waits = reader.calls.flatMap((call) => (call.order < read.order && call.targets.length === 1 ? call.targets : []));
  return waits
    .flatMap((id) => program.functions[id]?.accesses ?? [])
    .find((access) => access.location.key === flag.location.key && isLoopQuestion(program, access));
}

function decides(reader: FunctionFact, access: AccessFact, read: AccessFact): boolean {
  const isAsked = (test: TestFact): boolean => isInCondition(access.order, test);
  return (
    access.kind === "check" &&
    reader.tests.some((test) => isAsked(test) && (controls(test, read.order) || (test.kind === "while" && read.order >= test.after[0])))
  );
}

function isLoopQuestion(program: Program, access: AccessFact): boolean {
  return program.functions[access.functionId]?.tests.some((test) => test.kind === "while" && isInCondition(access.order, test)) === true;
}
