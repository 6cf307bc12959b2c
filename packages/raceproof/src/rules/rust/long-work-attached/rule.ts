// Sleeping, waiting for the network or for another process with the interpreter in hand.
// Pure computation is not judged: how long it takes is not in the source.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { attachedFunctions, callsOf, isAttached, memoryTypeOf } from "../attached-calls.ts";
import { detachCall } from "../detach-call.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/long-work-attached",
  title: "Waiting while attached",
  severity: "deadlock",
  consequence: "No other thread runs Python meanwhile; without the GIL the collector waits for this thread, and everybody for the collector.",
  sources: ["pyo3.rs/latest/parallelism.html", "docs.rs/pyo3 Python::detach"],
  since: "0.3.0",
  fixes: [{ title: "Let go of the interpreter", cost: "low", detail: "Do it in py.detach (allow_threads before 0.26)." }],
};

const waits = /(?:^|::)(?:thread::sleep|TcpStream::connect|TcpListener::accept|UdpSocket::recv|reqwest::blocking::get|blocking::get)$/;
const waitingMethods: Readonly<Record<string, RegExp>> = {
  accept: /^(?:TcpListener|UnixListener)$/,
  recv_from: /^UdpSocket$/,
  output: /^Command$/,
  status: /^Command$/,
  wait: /^Child$/,
  wait_with_output: /^Child$/,
  read_line: /^(?:Stdin|BufReader)$/,
};

function find(program: RustProgram): Hazard[] {
  const attached = attachedFunctions(program);
  return program.functions.flatMap((fn) => {
    if (fn.testOnly || fn.exposed === "module") return [];
    const call = callsOf(fn).find((each) => isAttached(attached, fn, each) && isWait(each));
    return call === undefined ? [] : [report(program, fn, call)];
  });
}

function isWait({ form, path, name, receiver }: RustCall): boolean {
  if (form === "path") return waits.test(path);
  return form === "method" && (waitingMethods[name]?.test(memoryTypeOf(receiver)) ?? false);
}

function report(program: RustProgram, fn: RustFunction, call: RustCall): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${call.name}`,
    confidence: "medium",
    singleThreaded: true,
    evidence: ["no other thread runs Python meanwhile"],
    message: `${call.text} waits with the interpreter in its hands`,
  });
}

export const rule: RustRule = { metadata, find, propose: detachCall };
