// A mutex of the operating system or of C++ is held while Python code can run or the thread can be stopped.
// Misses: mutexes that callers hold. Over-reports: calls that cannot reach a finalizer.
import type { Hazard, NativeFunction, NativeHold, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { nativeLocks } from "../../../models/index.ts";
import { callsOf, reasonOf } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/native-mutex-held-over-python",
  title: "Native mutex held over Python",
  severity: "deadlock",
  consequence: "The thread with the mutex waits for the interpreter, the thread with the interpreter waits for the mutex.",
  sources: ["pybind11 deadlock.md", "docs.python.org/3/c-api/init.html#c.PyMutex (detaches while it waits)"],
  since: "0.2.0",
  fixes: [
    { title: "PyMutex", cost: "low", detail: "Waiting for it lets go of the interpreter (3.13)." },
    { title: "Release it first", cost: "medium", detail: "Copy what is needed under the mutex, call Python behind it." },
  ],
};

/** nanobind's guards are there only where there is no GIL, and let go while they wait. */
const patientGuard = /\bft_\w+|\bPyMutex\b/;

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) => {
      const seen = new Set<number>();
      return callsOf(fn).flatMap((call) => {
        const hold = call.effect === "runs-python" ? call.held.find((each) => isNative(program, fn, each)) : undefined;
        if (hold === undefined || seen.has(hold.since)) return [];
        seen.add(hold.since);
        return [
          draftNativeHazard(program, metadata, {
            fn,
            span: call.span,
            location: call.callee,
            accesses: [],
            confidence: "medium",
            evidence: [`the mutex is taken at line ${hold.span.line}`, reasonOf(call)],
            message: `${call.callee} runs Python while the mutex of line ${hold.span.line} is held`,
          }),
        ];
      });
    });
}

/** A lock whose owner keeps the interpreter while it waits: taken by a call, or by a guard of C++'s own. */
function isNative(program: NativeProgram, { events }: Pick<NativeFunction, "events">, { kind, since, span }: NativeHold): boolean {
  if (kind !== "lock" || since < 0) return false;
  const taking = events.find((event) => event.kind === "call" && event.order >= since && event.span.line === span.line && nativeLocks.has(event.callee));
  if (taking?.kind === "call") return nativeLocks.get(taking.callee)?.detachesWhileWaiting === false;
  return !patientGuard.test(program.excerptOf(span));
}

export const rule: NativeRule = { metadata, find };
