// A Python class with a cell, Rc or raw pointer among its fields, in a release that does not ask whether it can be shared.
// Newer releases refuse to compile it; where the release is not known they are assumed.
import type { Hazard, RuleMetadata, RustProgram, RustRule, RustType } from "../../../vocabulary/index.ts";
import { pythonClassesOf } from "../python-classes.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/cell-in-pyclass",
  title: "Class that cannot be shared",
  severity: "corruption",
  consequence:
    "Instances are used by any thread, and the compiler was not asked: without the GIL counts and contents are torn, and newer releases refuse the class.",
  sources: ["PyO3 #4566", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [{ title: "Atomics or a lock", cost: "low", detail: "Use an atomic for a number, a Mutex for the rest; Arc in place of Rc." }],
};

const unshared: ReadonlySet<string> = new Set(["Cell", "RefCell", "OnceCell", "UnsafeCell", "Rc", "*", "NonNull"]);
const locks = /^(?:Mutex|RwLock|ReentrantMutex|OnceLock)$/;

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap(({ struct, attribute }) => {
    if (attribute.arguments.has("unsendable") || !isBefore(program, struct.crate, "0.23.0")) return [];
    return struct.fields.flatMap(({ name, type, span }) => {
      const part = unsharedPart(type);
      if (part === undefined) return [];
      const hazard = draftRustHazard(program, metadata, {
        subject: struct.name,
        crate: struct.crate,
        span,
        location: `${struct.name}.${name}`,
        confidence: part === "*" || part === "NonNull" ? "low" : "medium",
        evidence: ["before PyO3 0.23 a class need not be Sync"],
        message: `${struct.name}.${name} holds ${part === "*" ? "a raw pointer" : part}, which threads must not share`,
      });
      return [hazard];
    });
  });
}

function unsharedPart({ name, arguments: parts }: RustType): string | undefined {
  if (unshared.has(name)) return name;
  return locks.test(name) ? undefined : parts.map(unsharedPart).find((part) => part !== undefined);
}

export const rule: RustRule = { metadata, find };
