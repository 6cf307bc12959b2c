// A thread-local static owns Python objects: they are dropped when the thread ends, attached or not, perhaps after the interpreter.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/thread-local-py-cache",
  title: "Python objects in a thread-local",
  severity: "leak",
  consequence: "The destructor runs when the thread ends, where it is not attached or the interpreter is gone: the object is never freed, or freed too late.",
  sources: ["docs.rs/pyo3 Py (a note on Drop)", "doc.rust-lang.org/std/thread/struct.LocalKey.html"],
  since: "0.3.0",
  fixes: [{ title: "A cell for all threads", cost: "low", detail: "PyOnceLock for what is the same in every thread; threading.local for what is not." }],
};

function find(program: RustProgram): Hazard[] {
  return program.statics.flatMap(({ name, crate, span, threadLocal, holdings }) => {
    const [first] = holdings;
    if (!threadLocal || first === undefined) return [];
    const hazard = draftRustHazard(program, metadata, {
      subject: name,
      crate,
      span,
      location: name,
      confidence: "medium",
      singleThreaded: true,
      evidence: ["the destructors of a thread run after it has detached"],
      message: `${name} owns Python objects in every thread, which are dropped when the thread ends`,
    });
    return [hazard];
  });
}

export const rule: RustRule = { metadata, find };
