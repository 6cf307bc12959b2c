// Entry points of an extension that touch an object's contended memory without its section or any lock.
// Misses: state reached only through calls that are not resolved. Over-reports: types whose instances never leave one thread.
import type { NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { findBareEntries } from "../bare-entries.ts";
import { protectEntry } from "../protect-entry.ts";

const metadata: RuleMetadata = {
  id: "c/unlocked-entry-point",
  title: "Entry point without a lock",
  severity: "crash",
  consequence: "Two threads that use one object at the same time read freed memory, lose updates or crash the interpreter.",
  sources: [
    "an extension in C before it got critical sections",
    "docs.python.org/3/howto/free-threading-extensions.html#thread-safety-of-the-c-api",
    "RacerD: unprotected write",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "A critical section around the whole entry point",
      cost: "medium",
      detail:
        "Py_BEGIN_CRITICAL_SECTION(self) in a wrapper, the old body in a function of its own that returns as before; two objects take Py_BEGIN_CRITICAL_SECTION2.",
    },
    { title: "Do not declare that the module runs without the GIL", cost: "low", detail: "Leave Py_mod_gil out until the entry points are locked." },
  ],
};

export const rule: NativeRule = { metadata, find: (program) => findBareEntries(program, metadata, "unlocked"), propose: protectEntry };
