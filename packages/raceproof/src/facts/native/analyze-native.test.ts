// Facts of small C programs: where pointers come from, what is held, what callers learn of callees.
import { beforeAll, describe, expect, it } from "vitest";
import { buildConfiguration, createNameTable, openCFrontEnd } from "../../sources/index.ts";
import type { CFrontEnd } from "../../sources/index.ts";
import { originKey } from "../../vocabulary/index.ts";
import type { NativeAccess, NativeCall, NativeFunction, NativeProgram } from "../../vocabulary/index.ts";
import { analyzeNative } from "./analyze-native.ts";

let frontEnd: CFrontEnd;

beforeAll(async () => {
  frontEnd = await openCFrontEnd();
});

const types = `
#include <Python.h>
typedef struct { Py_ssize_t used; PyObject *slots[8]; } table_t;
typedef struct { PyObject_HEAD table_t *table; Py_ssize_t size; } Map;
typedef struct { Map *map; Py_ssize_t pos; } cursor_t;
`;

function analyze(text: string): NativeProgram {
  const configuration = buildConfiguration("free-threaded", [3, 14]);
  const bytes = new TextEncoder().encode(types + text);
  return analyzeNative(frontEnd.parse([{ path: "module.c", bytes }], [configuration], createNameTable()), configuration.name);
}

function functionNamed({ functions }: NativeProgram, name: string): NativeFunction {
  return functions.find((fn) => fn.name === name) as NativeFunction;
}

function accesses(fn: NativeFunction): string[] {
  return fn.events
    .filter((event): event is NativeAccess => event.kind === "access")
    .map(({ mode, location, base }) => `${mode} ${location} of ${originKey(base)}`);
}

function effects(fn: NativeFunction): string[] {
  return fn.effects.map(({ mode, location, base, held }) => `${mode} ${location} of ${originKey(base)}${held.length > 0 ? " held" : ""}`);
}

describe("pointers", () => {
  it("are followed through locals, casts, arithmetic and helpers", () => {
    const program = analyze(`
      static PyObject **slots_of(table_t *table) { return table->slots + 1; }
      static void f(PyObject *self) {
        Map *map = (Map *)self;
        table_t *table = map->table;
        PyObject **slot = slots_of(table);
        table->used = 3;
        map->table->used++;
      }`);
    expect(accesses(functionNamed(program, "f"))).toEqual([
      "read Map.table of p0",
      "write table_t.used of p0.table",
      "read Map.table of p0",
      "update table_t.used of p0.table",
    ]);
    const assigned = functionNamed(program, "f").events.find((event) => event.kind === "assignment" && event.local === "slot");
    expect(assigned?.kind === "assignment" && originKey(assigned.value)).toBe("p0.table.slots+");
  });

  it("come back through arguments that callees fill", () => {
    const program = analyze(`
      static void open(cursor_t *cursor, Map *map) { cursor->map = map; cursor->pos = 0; }
      static void pick(Map *map, table_t **result) { *result = map->table; }
      static void f(Map *self) {
        cursor_t cursor;
        table_t *table;
        open(&cursor, self);
        cursor.map->size = 1;
        pick(self, &table);
        table->used = 2;
      }`);
    expect(accesses(functionNamed(program, "f")).filter((access) => access.startsWith("write"))).toContain("write Map.size of p0");
    expect(accesses(functionNamed(program, "f"))).toContain("write table_t.used of p0.table");
  });

  it("to what a function made itself are not others' business, until it is stored", () => {
    const program = analyze(`
      static Map *make(void) { Map *map = PyObject_New(Map, &type); map->size = 0; return map; }
      static void f(Map *self) { Map *own = make(); own->size = 1; self->table->used = 1; }`);
    expect(effects(functionNamed(program, "f"))).toEqual(["read Map.table of p0", "write table_t.used of p0.table"]);
  });
});

describe("what is held", () => {
  const helper = `static void add(Map *map) { map->size++; }`;

  it("reaches the callee, when every caller holds it", () => {
    const program = analyze(`${helper}
      static PyObject *f(Map *self, PyObject *x) { Py_BEGIN_CRITICAL_SECTION(self); add(self); Py_END_CRITICAL_SECTION(); Py_RETURN_NONE; }
      static PyMethodDef methods[] = {{"f", (PyCFunction)f, METH_O, NULL}, {NULL}};`);
    expect(functionNamed(program, "add").entryHeld.map(({ kind, objects }) => `${kind} ${objects.map(originKey).join()}`)).toEqual(["section p0"]);
    expect(effects(functionNamed(program, "f"))).toEqual(["update Map.size of p0 held"]);
  });

  it("is lost where one caller does without", () => {
    const program = analyze(`${helper}
      static PyObject *f(Map *self, PyObject *x) { Py_BEGIN_CRITICAL_SECTION(self); add(self); Py_END_CRITICAL_SECTION(); Py_RETURN_NONE; }
      static PyObject *g(Map *self, PyObject *x) { add(self); Py_RETURN_NONE; }
      static PyMethodDef methods[] = {{"f", (PyCFunction)f, METH_O, NULL}, {"g", (PyCFunction)g, METH_O, NULL}, {NULL}};`);
    expect(functionNamed(program, "add").entryHeld).toEqual([]);
    expect(effects(functionNamed(program, "g"))).toEqual(["update Map.size of p0"]);
  });

  it("ends where a mutex is given back, on the way that goes on", () => {
    const program = analyze(`static PyMutex mutex; static int count;
      static int f(Map *self) { PyMutex_Lock(&mutex); if (self->size) { PyMutex_Unlock(&mutex); return 0; } count = 1; PyMutex_Unlock(&mutex); count = 2; return 1; }`);
    const writes = functionNamed(program, "f").events.filter((event): event is NativeAccess => event.kind === "access" && event.location === "count");
    expect(writes.map(({ held }) => held.length)).toEqual([1, 0]);
  });
});

describe("calls", () => {
  it("set off what their callees set off", () => {
    const program = analyze(`
      static void drop(PyObject *x) { Py_DECREF(x); }
      static void f(Map *self, PyObject *x) { drop(x); }`);
    expect(functionNamed(program, "f").effect).toBe("runs-python");
  });

  it("through Python's protocols run the slots of the program's own types", () => {
    const program = analyze(`
      static Py_ssize_t length(Map *self) { return self->size; }
      static PyType_Slot slots[] = {{Py_mp_length, length}, {0, NULL}};
      static Py_ssize_t f(Map *self) { return PyObject_Size((PyObject *)self); }`);
    expect(effects(functionNamed(program, "f"))).toEqual(["read Map.size of p0"]);
    const call = functionNamed(program, "f").events.find((event): event is NativeCall => event.kind === "call");
    expect(call?.targets).toEqual([functionNamed(program, "length").id]);
  });

  it("to free name what was freed by the field it was loaded from", () => {
    const program = analyze(`
      static void release(table_t *table) { PyMem_Free(table); }
      static void f(Map *self) { table_t *old = self->table; self->table = NULL; release(old); }`);
    expect(effects(functionNamed(program, "f"))).toContain("free Map.table of p0.table");
  });
});

describe("what callees store", () => {
  it("is told once, however many ways lead there", () => {
    const calls = Array.from({ length: 24 }, (_, at) => `static void f${at + 1}(Map *self, table_t *table) { f${at}(self, table); f${at}(self, table); }`);
    const program = analyze(["static void f0(Map *self, table_t *table) { self->table = table; }", ...calls].join("\n"));
    expect(effects(functionNamed(program, "f24"))).toEqual(["write Map.table of p0"]);
  });
});

describe("entry points", () => {
  it("are read from tables of methods, slots and static types, through casts", () => {
    const program = analyze(`
      static PyObject *a(PyObject *s, PyObject *x) { return NULL; }
      static PyObject *b(PyObject *s) { return NULL; }
      static void c(PyObject *s) {}
      static Py_hash_t d(PyObject *s) { return 0; }
      static PyObject *e(PyObject *s, void *closure) { return NULL; }
      static int f(PyObject *m) { return 0; }
      static PyMethodDef methods[] = {{"alpha", (PyCFunction)(void (*)(void))a, METH_O, NULL}, {NULL}};
      static PyGetSetDef members[] = {{"size", (getter)e, NULL, NULL, NULL}, {NULL}};
      static PyType_Slot slots[] = {{Py_tp_iter, (void *)b}, {Py_tp_dealloc, c}, {0, NULL}};
      static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, f}, {0, NULL}};
      static PyTypeObject type = {.tp_name = "x", .tp_hash = (hashfunc)d};`);
    const entries = program.functions.map(
      ({ name, entries: found }) => `${name}: ${found.map(({ kind, name: entry, company }) => `${kind} ${entry} ${company}`).join()}`,
    );
    expect(entries).toEqual([
      "a: method alpha ordinary",
      "b: slot tp_iter ordinary",
      "c: slot tp_dealloc last",
      "d: slot tp_hash ordinary",
      "e: getter size ordinary",
      "f: module mod_exec import",
    ]);
  });
});
