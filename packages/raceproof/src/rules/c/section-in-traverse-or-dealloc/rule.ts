// A critical section or lock in a function that the collector or the last owner runs: traverse, clear, dealloc.
// While traverse runs all other threads stand still, one of them perhaps with the lock; the others have the object to themselves.
import type { Hazard, NativeCall, NativeEvent, NativeBoundary, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { nativeLocks } from "../../../models/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/section-in-traverse-or-dealloc",
  title: "Lock in traverse or dealloc",
  severity: "deadlock",
  consequence: "The collector stops all threads and then waits for a lock that one of them holds.",
  sources: ["docs.python.org/3/howto/free-threading-extensions.html", "CPython gh-144513, gh-133130", "PEP 703: the collector stops the world"],
  since: "0.2.0",
  fixes: [{ title: "No lock", cost: "low", detail: "Traverse only visits; nobody else can reach an object that is being cleared or freed." }],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    const entry = fn.entries.find(({ company }) => company === "stopped" || company === "last");
    if (entry === undefined || fn.generated) return [];
    return fn.events.filter(locks).map((event) =>
      draftNativeHazard(program, metadata, {
        fn,
        span: event.span,
        location: event.kind === "call" ? event.callee : event.macro,
        accesses: [],
        confidence: "high",
        severity: entry.company === "stopped" ? "deadlock" : "wrong-answer",
        evidence: [
          entry.company === "stopped" ? "all other threads stand still while it runs, with whatever they hold" : "nobody else has the object any more",
        ],
        message: `${fn.name} is ${entry.name} and takes a lock: ${entry.company === "stopped" ? "a stopped thread may hold it" : "it protects from nobody"}`,
      }),
    );
  });
}

function locks(event: NativeEvent): event is NativeBoundary | NativeCall {
  return (event.kind === "open" && event.macro.includes("CRITICAL_SECTION")) || (event.kind === "call" && nativeLocks.has(event.callee));
}

export const rule: NativeRule = { metadata, find };
