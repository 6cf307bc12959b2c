// Calls that begin something which another call has to end on every way out.
// What enters: a function's name. What leaves: its row. Sources: each function's page of docs.python.org/3/c-api ("must be called", "must be released");
// locks as in native-locks.ts; Objects/unicodeobject.c for the private writer.
import { nativeLocks } from "./native-locks.ts";

export interface PairedCallRow {
  readonly endedBy: readonly string[];
  /** What both calls are about: what the first returns, one of its arguments (0-based), or the thread. */
  readonly about: "result" | "thread" | { readonly argument: number };
  /** What is left behind when it is not ended. */
  readonly leaves: "leak" | "deadlock";
}

const first = { argument: 0 } as const;

const rows: ReadonlyMap<string, PairedCallRow> = new Map<string, PairedCallRow>([
  ["PyUnicodeWriter_Create", { endedBy: ["PyUnicodeWriter_Finish", "PyUnicodeWriter_Discard"], about: "result", leaves: "leak" }],
  [
    "PyBytesWriter_Create",
    {
      endedBy: ["PyBytesWriter_Finish", "PyBytesWriter_FinishWithSize", "PyBytesWriter_FinishWithPointer", "PyBytesWriter_Discard"],
      about: "result",
      leaves: "leak",
    },
  ],
  ["_PyUnicodeWriter_Init", { endedBy: ["_PyUnicodeWriter_Finish", "_PyUnicodeWriter_Dealloc"], about: first, leaves: "leak" }],
  ["PyObject_GetBuffer", { endedBy: ["PyBuffer_Release"], about: { argument: 1 }, leaves: "leak" }],
  ["Py_ReprEnter", { endedBy: ["Py_ReprLeave"], about: first, leaves: "leak" }],
  ["Py_EnterRecursiveCall", { endedBy: ["Py_LeaveRecursiveCall"], about: "thread", leaves: "leak" }],
  ["PyGILState_Ensure", { endedBy: ["PyGILState_Release"], about: "thread", leaves: "deadlock" }],
  ...[...nativeLocks].map(([name, { releasedBy }]): [string, PairedCallRow] => [name, { endedBy: [releasedBy], about: first, leaves: "deadlock" }]),
]);

/** @param callee a function's name. @returns what has to end it, when something has to */
export function pairedCall(callee: string): PairedCallRow | undefined {
  return rows.get(callee);
}
