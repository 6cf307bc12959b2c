// Variables of static storage that are not constant and whose memory becomes part of objects, or that ordinary code writes.
// Misses: writes through pointers that were stored earlier. Over-reports: statics written once, before a second thread exists.
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, NativeStatic, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/mutable-static",
  title: "Static memory that threads share",
  severity: "corruption",
  consequence: "All objects of all threads, and of all interpreters, change the same memory.",
  sources: ["docs.python.org/3/howto/free-threading-extensions.html#global-state", "PEP 684", "an extension in C before it got critical sections"],
  since: "0.2.0",
  general: true,
  fixes: [
    {
      title: "Constant, or one per object",
      cost: "low",
      detail: "`static const` for what is never written; otherwise memory that belongs to the object or the module's state.",
    },
    { title: "A lock or an atomic", cost: "low", detail: "A static PyMutex around every access (3.13)." },
  ],
};

/** Tables that describe types and modules: written by the interpreter while it sets them up. */
const descriptions =
  /^(PyTypeObject|PyMethodDef|PyGetSetDef|PyMemberDef|PyModuleDef|PyModuleDef_Slot|PyType_Slot|PyType_Spec|PyStructSequence_\w+|Py\w+Methods|PyBufferProcs|_PyArg_Parser|PyABIInfo)$/;

/** Projects name the storage class by macros of their own, set by the build: NPY_TLS, MY_THREAD_LOCAL. */
const threadLocalMacro = /\b\w*(TLS|THREAD_LOCAL)\b/;

interface Shared {
  readonly fn: NativeFunction;
  readonly event: NativeAccess;
  readonly how: "written" | "stored";
}

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  const shared = new Map<string, Shared>();
  for (const fn of program.functions.filter(({ generated }) => !generated)) {
    for (const event of fn.events.filter((each): each is NativeAccess => each.kind === "access" && !each.atomic && !each.debugOnly && !isLocked(fn, each))) {
      const stored = escaped(event);
      const name = stored ?? (reached.has(fn.id) ? written(event) : undefined);
      const how = stored === undefined ? "written" : "stored";
      // That it is written says more than that it is handed on.
      if (name !== undefined && (!shared.has(name) || (how === "written" && shared.get(name)?.how === "stored"))) shared.set(name, { fn, event, how });
    }
  }
  return [...shared].flatMap(([name, found]) => {
    const variable = program.statics.get(name);
    return variable === undefined || isHarmless(variable, found) || threadLocalMacro.test(program.excerptOf(variable.span))
      ? []
      : [report(program, { variable, ...found })];
  });
}

function isLocked({ entryHeld }: NativeFunction, { held }: NativeAccess): boolean {
  return [...held, ...entryHeld].some(({ kind }) => kind === "lock");
}

/** The static that is written itself, not what it points at. */
function written({ mode, base }: NativeAccess): string | undefined {
  return mode === "write" && base.root.kind === "static" && base.path.length === 0 ? base.root.name : undefined;
}

/** The static whose address is stored into an object. */
function escaped({ mode, stored, base }: NativeAccess): string | undefined {
  if (mode !== "write" || stored === undefined || base.root.kind === "static") return undefined;
  const { root, path } = stored.origin;
  return root.kind === "static" && path.length === 0 ? root.name : undefined;
}

function isHarmless({ constant, threadLocal, type, holds }: NativeStatic, { how }: Shared): boolean {
  return constant || threadLocal || descriptions.test(type) || holds === "mutex" || (how === "stored" && holds !== "struct");
}

function report(program: NativeProgram, { variable, fn, event, how }: Shared & { readonly variable: NativeStatic }): Hazard {
  return draftNativeHazard(program, metadata, {
    // A race is where it is written; memory that is handed on is a question of its declaration.
    fn: how === "written" ? fn : { ...fn, name: "<file scope>" },
    span: how === "written" ? event.span : variable.span,
    location: variable.name,
    accesses: [{ span: event.span, function: fn.name, kind: "write", held: event.held }],
    confidence: how === "written" ? "high" : "medium",
    severity: variable.holds === "object" || variable.holds === "pointer" ? "crash" : "corruption",
    evidence: [
      how === "written"
        ? `${fn.name} writes it without a lock`
        : `${fn.name} stores its address into an object at line ${event.span.line}: from there it can be written`,
      `declared at ${variable.span.file}:${variable.span.line}`,
    ],
    message: `${variable.name} is static, not constant, and ${how === "written" ? `written by ${fn.name}` : "becomes part of objects"}: all threads share it`,
  });
}

export const rule: NativeRule = { metadata, find };
