// One small extension, once with critical sections and once without, under ThreadSanitizer: what is locked must be silent.
// Needs an interpreter that is built with it (scripts/provide-runtimes.mjs --thread-sanitizer).
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findThreadSanitizer, type InstrumentedRuntime } from "../runtimes/thread-sanitizer.ts";
import { describePair } from "./fold-faults.ts";
import { faultsOf } from "./process-faults.ts";

const source = `#include <Python.h>
typedef struct { PyObject_HEAD long count; PyObject *last; } Cell;
static PyObject *put(PyObject *self, PyObject *value) {
    Cell *cell = (Cell *)self;
    BEGIN(self)
    cell->count++;
    KEEP(cell->last, value)
    END()
    Py_RETURN_NONE;
}
static PyObject *get(PyObject *self, PyObject *unused) {
    Cell *cell = (Cell *)self;
    PyObject *last;
    BEGIN(self)
    last = Py_NewRef(cell->last == NULL ? Py_None : cell->last);
    END()
    return last;
}
static PyObject *both(PyObject *self, PyObject *other) {
    BEGIN2(self, other)
    ((Cell *)self)->count += ((Cell *)other)->count;
    END2()
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"put", put, METH_O}, {"get", get, METH_NOARGS}, {"both", both, METH_O}, {NULL}};
static PyTypeObject CellType = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "cells.Cell", .tp_basicsize = sizeof(Cell),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_methods = methods, .tp_new = PyType_GenericNew};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "cells", NULL, -1};
PyMODINIT_FUNC PyInit_cells(void) {
    PyObject *module = PyModule_Create(&def);
    PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
    PyModule_AddType(module, &CellType);
    return module;
}
`;

// Without a lock references would be dropped twice, and what the allocator then does may never end: there only the counters race.
const locking: Readonly<Record<"locked" | "unlocked", string>> = {
  locked:
    "#define KEEP(field, value) Py_XSETREF(field, Py_NewRef(value));\n#define BEGIN(o) Py_BEGIN_CRITICAL_SECTION(o);\n#define END() Py_END_CRITICAL_SECTION();\n#define BEGIN2(a, b) Py_BEGIN_CRITICAL_SECTION2(a, b);\n#define END2() Py_END_CRITICAL_SECTION2();\n",
  unlocked: "#define KEEP(field, value)\n#define BEGIN(o)\n#define END()\n#define BEGIN2(a, b)\n#define END2()\n",
};

const program = `
import sys, threading, time
sys.path.insert(0, sys.argv[1])
import cells
one, two = cells.Cell(), cells.Cell()
start = threading.Barrier(3)
def turn(first, second):
    start.wait()
    until = time.monotonic() + 2  # So long that all of them run at once, however busy the machine is.
    while time.monotonic() < until:
        first.put([until]); second.get(); first.both(second)
threads = [threading.Thread(target=turn, args=pair) for pair in [(one, two), (two, one), (one, one)]]
for thread in threads: thread.start()
for thread in threads: thread.join()
`;

const PATIENCE = 120_000;

const instrumented = await findThreadSanitizer(undefined);
const work = mkdtempSync(join(tmpdir(), "raceproof-data-races-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function racesOf(variant: "locked" | "unlocked", { runtime, sanitizer }: InstrumentedRuntime): string[] {
  const folder = mkdtempSync(join(work, `${variant}-`));
  const file = join(folder, "cells.c");
  writeFileSync(file, source.replace("\n", `\n${locking[variant]}`));
  const python = (parameters: readonly string[]): SpawnSyncReturns<string> => {
    const [command = "", ...before] = [...(sanitizer.under ?? []), runtime.executable];
    return spawnSync(command, [...before, ...parameters], {
      encoding: "utf8",
      env: { ...process.env, ...sanitizer.environment },
      timeout: PATIENCE / 4,
      killSignal: "SIGKILL",
    });
  };
  const include = python(["-c", "import sysconfig; print(sysconfig.get_path('include'))"]).stdout.trim();
  const flags = ["-shared", "-fPIC", "-O1", "-g", "-fsanitize=thread", `-I${include}`];
  expect(spawnSync("cc", [...flags, "-o", join(folder, "cells.so"), file], { encoding: "utf8" }).stderr).toBe("");
  const { stderr, signal } = python(["-c", program, folder]);
  return faultsOf({ stderr, signal, isKilled: false }, { files: ["cells.c"] }).map(describePair);
}

it.skipIf(instrumented === undefined)(
  "data races are seen in what is not locked, and none in what critical sections lock",
  () => {
    if (instrumented === undefined) return;
    // Which pair is seen first differs from run to run.
    expect(racesOf("unlocked", instrumented)).toContainEqual(
      expect.stringMatching(/^data race writing at cells\.c:\d+ in (?:put|both), against \w+ at cells\.c:/),
    );
    expect(racesOf("locked", instrumented)).toEqual([]);
  },
  PATIENCE,
);
