// Python code replaces an object in a field through a member row, which no section of the extension guards, while a method uses what the field held.
// Misses: rows whose field is named by a macro. Over-reports: members that programs set once.
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf, canFollow } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { isOrdinary } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/writable-member",
  title: "Member that anybody may replace",
  severity: "crash",
  consequence: "Another thread, or code that the method itself calls, sets the attribute: the method goes on with an object that is freed.",
  sources: ["docs.python.org/3/c-api/structures.html#member-flags", "CPython Python/structmember.c: PyMember_SetOne takes no lock of the extension"],
  since: "0.2.0",
  fixes: [
    {
      title: "Own the reference",
      cost: "low",
      detail: "`PyObject *value = Py_XNewRef(self->value);` under the section, for as long as it is used; or make the member Py_READONLY.",
    },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const rows = program.tables.filter(({ type }) => type === "PyMemberDef").flatMap(({ cells }) => cells);
  return rows.flatMap((row) => {
    const [, struct, field] = /offsetof\s*\(\s*(?:struct\s+)?(\w+)\s*,\s*(\w+)/.exec(row.text) ?? [];
    if (struct === undefined || !/T_OBJECT(_EX)?\b/.test(row.text) || /READONLY\b/.test(row.text)) return [];
    const location = `${struct}.${field}`;
    const use = program.functions.flatMap((fn) => (!fn.generated && isOrdinary(fn) ? (borrowedUse(fn, location) ?? []) : []))[0];
    return use === undefined
      ? []
      : [
          draftNativeHazard(program, metadata, {
            fn: use.fn,
            span: use.read.span,
            location,
            accesses: [
              { span: use.read.span, function: use.fn.name, kind: "read", held: use.read.held },
              { span: row.span, function: "<file scope>", kind: "write", held: [] },
            ],
            confidence: "medium",
            singleThreaded: true,
            evidence: [
              `the member row at ${row.span.file}:${row.span.line} lets Python code replace it`,
              `${use.fn.name} hands it to ${use.callee} without a reference of its own`,
            ],
            message: `${use.fn.name} uses ${location}, which the member ${row.name} lets anybody replace meanwhile`,
          }),
        ];
  });
}

interface BorrowedUse {
  readonly fn: NativeFunction;
  readonly read: NativeAccess;
  readonly callee: string;
}

/** The field is read and handed to a call that runs Python, and nothing took a reference before. */
function borrowedUse(fn: NativeFunction, location: string): BorrowedUse | undefined {
  const field = location.slice(location.indexOf(".") + 1);
  for (const read of fn.events) {
    if (read.kind !== "access" || read.mode !== "read" || read.location !== location || read.base.root.kind !== "parameter") continue;
    const isField = (origin: { readonly root: { readonly kind: string }; readonly path: readonly string[] } | undefined): boolean =>
      origin?.root.kind === "parameter" && origin.path.length === 1 && origin.path[0] === field;
    const following = callsOf(fn).filter((call) => call.order > read.order && canFollow(fn, read, call) && call.arguments.some(isField));
    if (following.some(({ callee }) => /^Py_X?(INCREF|NewRef)$/.test(callee))) continue;
    const running = following.find(({ effect, callee }) => effect === "runs-python" && !/^Py_(X?DECREF|CLEAR|X?SETREF)$/.test(callee));
    if (running) return { fn, read, callee: running.callee };
  }
  return undefined;
}

export const rule: NativeRule = { metadata, find };
