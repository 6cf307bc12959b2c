// What is known of an extension in Cython: entry points, who changes what, and which function a line of its file is in.
import { describe, expect, it } from "vitest";
import { extractProgram } from "../../facts/index.ts";
import { createNameTable, parseModule } from "../../sources/index.ts";
import type { Hazard } from "../../vocabulary/index.ts";
import { probedEntries } from "./entry-tables.ts";
import { type ExtensionFunction, factsOfCython } from "./extension-facts.ts";
import { ownFrames } from "./fold-faults.ts";
import { EntryIndex } from "./hazard-entries.ts";

const text = `cdef class Box:
    cdef object item
    cdef list held
    def __cinit__(self):
        self.held = []
    cdef _store(self, item):
        self.item = item
    def put(self, item):
        self._store(item)
    def __getitem__(self, key):
        return self.held[key]
    @property
    def last(self):
        return self.item

def twice(box):
    return box.last, box.last
`;

const file = "pkg/box.pyx";
const { program } = extractProgram([{ path: file, modulePath: file, tree: parseModule(file, new TextEncoder().encode(text), createNameTable()) }]);
const facts = factsOfCython(program, [file]);

describe("an extension in Cython", () => {
  it("is reached by what Python sees of it, by operators where there are some", () => {
    const { tables, functions } = probedEntries(facts);
    expect(tables).toEqual([
      {
        type: "Box",
        entries: [
          { function: "Box._store", attribute: "_store", forms: ["$._store({*})"] },
          { function: "Box.put", attribute: "put", forms: ["$.put({*})"] },
          { function: "Box.__getitem__", attribute: "__getitem__", forms: ["$[{0}]"] },
          { function: "Box.last", attribute: "last", forms: ["$.last"] },
        ],
      },
    ]);
    expect(functions).toEqual({ twice: "twice" });
  });

  it("has suspects that run a hazard's function and opponents that change its location", () => {
    const span = { file, line: 7, column: 0, endLine: 7, endColumn: 9 };
    const hazard = { id: "one", function: "Box._store", span, location: { display: "Box.item" }, accesses: [] } as unknown as Hazard;
    const { suspects, opponents, users } = new EntryIndex(facts).of(hazard);
    expect([[...suspects], [...opponents]]).toEqual([
      ["Box._store", "Box.put"],
      ["Box._store", "Box.put"],
    ]);
    expect([...users]).toContain("Box.last");
  });

  it("is told by the names people gave, not by those of its C", () => {
    const frames = [
      { function: "__pyx_f_3pkg_3box_3Box__store", file: "pkg/box.pyx", line: 7 },
      { function: "__pyx_pw_3pkg_3box_3Box_3put", file: "pkg/box.c", line: 2000 },
    ];
    expect(ownFrames(frames, facts.own)).toEqual([{ function: "Box._store", file, line: 7 }]);
  });
});

describe("what C++ binds", () => {
  it("is asked of the class and the module that it is bound to", () => {
    const bound = (id: number, name: string, entry: string): ExtensionFunction => ({
      id,
      name,
      effects: [],
      entries: [{ kind: "method", name: entry, table: "", company: "ordinary" }],
    });
    const functions = [bound(0, "push", "Stack.push"), bound(1, "Stack.__len__", "Stack.__len__"), bound(2, "make", "make")];
    expect(probedEntries({ functions, runBy: () => new Set(), own: { files: [] } })).toEqual({
      tables: [
        {
          type: null,
          entries: [
            { function: "push", attribute: "push", forms: ["$.push({*})"] },
            { function: "Stack.__len__", attribute: "__len__", forms: ["len($)"] },
          ],
        },
      ],
      functions: { make: "make" },
    });
  });
});
