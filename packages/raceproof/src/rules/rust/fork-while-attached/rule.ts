// The process is forked, or ended, by Rust code that Python called.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/fork-while-attached",
  title: "Fork or exit from Rust",
  severity: "deadlock",
  consequence:
    "The child of a fork has one thread and every lock as it was: those that other threads had are never released. An exit skips what Python does at its end.",
  sources: ["docs.python.org/3/library/os.html#os.fork", "docs.python.org/3/c-api/init.html#c.PyOS_AfterFork_Child"],
  since: "0.3.0",
  fixes: [{ title: "Leave it to Python", cost: "low", detail: "Use subprocess or os.posix_spawn; raise SystemExit instead of exiting." }],
};

const forking = /(?:^|::)(?:libc::fork|libc::vfork|unistd::fork|nix::fork)$/;
const exiting = /(?:^|::)(?:process::exit|libc::exit|libc::_exit)$/;

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    // A crate's own program may end itself.
    if (fn.testOnly || fn.name === "main") return [];
    return callsOf(fn).flatMap(({ form, path, span, text }) => {
      if (form !== "path" || !(forking.test(path) || exiting.test(path))) return [];
      const isFork = forking.test(path);
      const hazard = draftRustHazard(program, metadata, {
        subject: fn.qualifiedName,
        crate: fn.crate,
        span,
        location: `${fn.qualifiedName}.${isFork ? "fork" : "exit"}`,
        confidence: isFork ? "medium" : "low",
        singleThreaded: true,
        evidence: [isFork ? "locks that other threads have stay locked in the child" : "finalizers and buffers are skipped"],
        message: `${text} ${isFork ? "forks a process that may have threads" : "ends the process under Python"}`,
      });
      return [hazard];
    });
  });
}

export const rule: RustRule = { metadata, find };
