// The tables of Python's C API: what they say of well-known calls, and that they agree with CPython's own data.
import { describe, expect, test } from "vitest";
import { borrowedResults, companyOfSlot, effectOfCall, nativeSpans, returnsBorrowed, returnsOwned, takesTwoObjects } from "./index.ts";

describe("effects of calls", () => {
  test.each([
    ["Py_INCREF", "none"],
    ["Py_NewRef", "none"],
    ["PyTuple_GET_ITEM", "none"],
    ["PyUnicode_CheckExact", "none"],
    ["PyErr_Occurred", "none"],
    ["PyMem_Malloc", "none"],
    ["PyUnicode_RichCompare", "none"],
    ["PyList_Append", "suspends"],
    ["PyMutex_Lock", "suspends"],
    ["PySomething_Invented", "suspends"],
    ["Py_DECREF", "runs-python"],
    ["PyObject_RichCompareBool", "runs-python"],
    ["PyDict_SetItem", "runs-python"],
    ["PySet_Add", "runs-python"],
    ["PyIter_Next", "runs-python"],
    ["PyUnicodeWriter_WriteRepr", "runs-python"],
    ["memcpy", "none"],
    ["htable_find", "none"],
  ])("%s: %s", (callee, effect) => {
    expect(effectOfCall(callee)).toBe(effect);
  });
});

test("every function that the table says borrows is one that CPython's own data says borrows, or a private or newer spelling", () => {
  const unconfirmed = [...borrowedResults.keys()].filter((name) => !returnsBorrowed.has(name) && !name.startsWith("_"));
  expect(unconfirmed).toEqual([]);
});

test("every borrowing function of CPython's data has a lender here, or cannot be taken away by another thread", () => {
  const immortal =
    /^(PyFunction|PyMethod|PyInstanceMethod|PyObject_Init|PyObject_GC_Resize|PyModuleDef|PyEval_GetFrame|PyImport_GetModuleDict|PySys_GetXOptions)/;
  expect([...returnsBorrowed].filter((name) => !borrowedResults.has(name) && !immortal.test(name))).toEqual([]);
});

test("no function both owns and borrows", () => {
  expect([...returnsOwned].filter((name) => returnsBorrowed.has(name))).toEqual([]);
});

test("who may run at the same time", () => {
  expect(["tp_iternext", "getall", "tp_dealloc", "tp_traverse", "tp_init", "mod_exec"].map(companyOfSlot)).toEqual([
    "ordinary",
    "ordinary",
    "last",
    "stopped",
    "initialization",
    "import",
  ]);
  expect(["nb_or", "nb_negative", "tp_richcompare", "mp_length"].map(takesTwoObjects)).toEqual([true, false, true, false]);
});

test("a span is closed by a macro of its own kind", () => {
  const macros = [...nativeSpans].filter(([opening]) => opening.startsWith("Py_BEGIN"));
  expect(macros.filter(([, { closedBy }]) => !closedBy.startsWith("Py_END"))).toEqual([]);
});
