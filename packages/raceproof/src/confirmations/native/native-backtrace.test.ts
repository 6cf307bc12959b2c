// Backtraces as gdb prints them, with and without debugging information.
import { describe, expect, it } from "vitest";
import { ownFrameOf, readBacktrace } from "./native-backtrace.ts";

const text = `[Thread debugging using libthread_db enabled]

Program received signal SIGSEGV, Segmentation fault.
gc_list_remove (node=0x7f) at Modules/gcmodule.c:268
268	in Modules/gcmodule.c
#0  gc_list_remove (node=0x7f) at Modules/gcmodule.c:268
#1  PyObject_GC_Del (op=op@entry=0x7f) at Modules/gcmodule.c:2357
#2  0x00007ffff6f0 in pyo3::gil::GILPool::new () at /somewhere/registry/src/index-1949/pyo3-0.18.3/src/gil.rs:381
#3  0x00007ffff6f1 in tp_dealloc<links::Node> (obj=0x7f) at src/pyclass.rs:1
#4  links::holders::Node::__pymethod_traverse__ (slf=0x7f, arg=...) at src/holders.rs:11
#5  0x00007ffff7c2 in __libc_start_main () from /lib/libc.so.6
`;

describe("a backtrace", () => {
  it("is read innermost first, without folders of a machine", () => {
    const frames = readBacktrace(text);
    expect(frames.map((frame) => `${frame.function} ${frame.place}`)).toEqual([
      "gc_list_remove Modules/gcmodule.c:268",
      "PyObject_GC_Del Modules/gcmodule.c:2357",
      "pyo3::gil::GILPool::new pyo3-0.18.3/src/gil.rs:381",
      "tp_dealloc<links::Node> src/pyclass.rs:1",
      "links::holders::Node::__pymethod_traverse__ src/holders.rs:11",
      "__libc_start_main /lib/libc.so.6",
    ]);
    expect(ownFrameOf(frames, ["links", "chains"])?.place).toBe("src/holders.rs:11");
    expect(ownFrameOf(frames, ["other"])).toBeUndefined();
  });

  it("is empty when there is none", () => {
    expect(readBacktrace("[Inferior 1 (process 7) exited normally]\nNo stack.\n")).toEqual([]);
  });
});
