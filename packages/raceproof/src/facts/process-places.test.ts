// Which code touches state outside the program, and which only looks like it; where an attribute of the class is one.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

const accessesOf = (body: string, parameters = "x"): string[] =>
  programOf(`import os, sys, tempfile\nfrom sys import modules\n\ndef f(${parameters}):\n    ${body.replaceAll("\n", "\n    ")}\n`).accesses("f");

describe("process-wide state", () => {
  it.each([
    ["sys.stdout = x", ["write = sys.stdout"]],
    ["tempfile._Closer.cleanup = x", ["write = tempfile._Closer.cleanup"]],
    ["closer = tempfile._Closer\ncloser.cleanup = x", ["write = tempfile._Closer.cleanup"]],
    ["del sys.ps1", ["write del sys.ps1"]],
    ["os.environ['A'] = x", ["write []= os.environ"]],
    ["if x in sys.modules:\n    del sys.modules[x]", ["check in sys.modules", "write del[] sys.modules"]],
    ["del modules[x]", ["write del[] sys.modules"]],
    ["sys.path.insert(0, x)", ["call insert sys.path"]],
    ["for name in list(sys.modules): pass", ["call builtins.list sys.modules"]],
    ["x.__defaults__ = ()", ["write = function.__defaults__"]],
    ["for each in x:\n    each.__code__ = None", ["write = function.__code__"]],
    // Reading is no access, and what a call gives is nobody else's.
    ["return sys.stdout, os.path.sep", []],
    ["made = x()\nmade.__defaults__ = ()", []],
    ["made = tempfile.Closer()\nmade.cleanup = x", []],
    ["x.stdout = 1", []],
  ])("%j", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });
});

describe("objects that a class keeps", () => {
  const text = (init: string): string => `class C:
    PART = make()
    def __init__(self, part):
        ${init}
    def f(self, x):
        self.part.name = x
`;

  it("are changed through every instance", () => {
    expect(programOf(text("self.part = self.PART")).accesses("C.f")).toContain("write = C.PART.name");
    expect(programOf(text("self.part = part")).accesses("C.f")).not.toContain("write = C.PART.name");
  });

  it.each([
    ["cls.cache = {}", "class-method"],
    ["self.__class__.cache = {}", "method"],
  ])("are the class's own when stored by %s", (store, role) => {
    const decorator = role === "method" ? "" : "    @classmethod\n";
    const source = `class C:\n    cache = {}\n${decorator}    def reset(${store.slice(0, store.indexOf("."))}):\n        ${store}\n    def f(self):\n        for each in self.cache: pass\n`;
    const { program } = programOf(source);
    expect([...program.locations.values()].map(({ location }) => location.ownerKind)).toEqual(["class"]);
  });
});
