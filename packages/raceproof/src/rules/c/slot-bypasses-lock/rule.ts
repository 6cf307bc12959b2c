// A slot, getter or setter touches memory bare that the type's methods protect: Python reaches the object past the lock.
// Misses: state reached only through calls that are not resolved. Over-reports: reads of one word whose age does not matter.
import type { NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { findBareEntries } from "../bare-entries.ts";
import { protectEntry } from "../protect-entry.ts";

const metadata: RuleMetadata = {
  id: "c/slot-bypasses-lock",
  title: "Slot that goes past the lock",
  severity: "crash",
  consequence: "`len(x)`, `x[0]`, `for ... in x` or `x.attribute` reads what a method of another thread is freeing under its lock.",
  sources: ["CPython gh-153296 (StringIO), gh-153292 (RLock's repr)", "RacerD: inconsistent locking"],
  since: "0.2.0",
  fixes: [
    {
      title: "The same section around the slot",
      cost: "low",
      detail: "A wrapper takes Py_BEGIN_CRITICAL_SECTION(self) and calls the old body, which returns as before.",
    },
  ],
};

export const rule: NativeRule = { metadata, find: (program) => findBareEntries(program, metadata, "bypasses"), propose: protectEntry };
