// Calls and what they lead to: methods, properties, operators, constructors; callers, effects and what is said of functions.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

const shop = `
import os
from contextlib import contextmanager

class Base:
    def __init__(self, name):
        self.name = name
        self.items = {}

    def exists(self, key) -> bool:
        return key in self.items

    def add(self, key, value):
        self.items[key] = value

    def remove(self, key):
        self._drop(key)

    def _drop(self, key):
        del self.items[key]

    @property
    def first(self):
        return next(iter(self.items))

    @first.setter
    def first(self, value):
        self.items[0] = value

    def __len__(self):
        return len(self.items)

    def __contains__(self, key):
        return key in self.items

    def __getitem__(self, key):
        return self.items[key]

    def __setitem__(self, key, value):
        self.items[key] = value

    def __iter__(self):
        return iter(self.items)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        pass


class Shop(Base):
    def add(self, key, value):
        super().add(key, value)
`;

describe("calls", () => {
  it.each([
    ["shop.add(1, 2)", ["shop.add -> Shop.add"]],
    ["shop.remove(1)", ["shop.remove -> Base.remove"]],
    ["Shop('a')", ["Shop -> Base.__init__"]],
    ["os.umask(0)", ["os.umask -> <os.umask>"]],
    ["os.path.join('a')", ["os.path.join -> <os.path.join>"]],
    ["print(1)", ["print -> <builtins.print>"]],
    ["callback()", ["callback -> ?"]],
    ["shop.unknown()", ["shop.unknown -> ?"]],
    ["shop.first", ["shop.first -> Base.first"]],
    ["shop.first = 1", ["shop.first -> Base.first"]],
    ["shop.first += 1", ["shop.first -> Base.first Base.first"]],
    ["if 1 in shop: pass", ["shop -> Base.__contains__"]],
    ["for x in shop: pass", ["shop -> Base.__iter__"]],
    ["len(shop)", ["len -> <builtins.len>", "shop -> Base.__len__"]],
    ["shop['a']", ["shop['a'] -> Base.__getitem__"]],
    ["shop['a'] = 1", ["shop['a'] -> Base.__setitem__"]],
    ["shop['a'] += 1", ["shop['a'] -> Base.__getitem__ Base.__setitem__"]],
    ["with shop: pass", ["shop -> Base.__enter__ Base.__exit__"]],
  ])("%s", (statement, expected) => {
    expect(programOf(`${shop}\ndef f(shop: Shop, callback):\n    ${statement}\n`).calls("f")).toEqual(expected);
  });

  it("through super() reach the base's method", () => {
    expect(programOf(shop).calls("Shop.add")).toContain("super().add -> Base.add");
  });

  it("know what their arguments come from, and whether the result is used", () => {
    const { fn } = programOf("def f(path, other):\n    real = path.strip()\n    x = g(real, key=other)\n    g(1)\n    h(f(real))\n");
    expect(fn("f").calls.map(({ text, origins, valueUsed }) => [text, origins, valueUsed])).toEqual([
      ["path.strip", [], true],
      ["g", ["call@31", "other", "path"], true],
      ["g", [], false],
      ["h", ["call@31", "call@86", "path"], false],
      ["f", ["call@31", "path"], true],
    ]);
  });

  it("know what the object they are called on comes from", () => {
    const { fn } = programOf("class C:\n    def f(self, key):\n        found = self.find(key)\n        found.close()\n        self.store.drop()\n");
    expect(fn("C.f").calls.map(({ text, receiver }) => [text, receiver])).toEqual([
      ["self.find", []],
      ["found.close", ["call@47", "key"]],
      ["self.store.drop", ["self.store"]],
    ]);
  });

  it("are listed at the callee", () => {
    const { program, fn } = programOf(shop);
    expect(fn("Base._drop").callers.map((id) => program.functions[id]?.qualifiedName)).toEqual(["Base.remove"]);
  });

  it("count as unresolved when they lead nowhere known", () => {
    const { counts } = programOf("def f(g):\n    g()\n    print(1)\n\ndef h():\n    print(1)\n");
    expect(counts).toMatchObject({ functions: 2, functionsUnresolved: 1, calls: 3, callsUnresolved: 1 });
  });
});

describe("effects", () => {
  const { program, fn } = programOf(shop);
  const items = "instance:m:Base:items";

  it("are the function's own and those of what it calls, with their distance", () => {
    expect(program.effectsOf(fn("Base._drop").id).mutations.get(items)).toBe(0);
    expect(program.effectsOf(fn("Base.remove").id).mutations.get(items)).toBe(1);
    expect(program.effectsOf(fn("Base.exists").id).checks.get(items)).toBe(0);
    expect(program.effectsOf(fn("Base.exists").id).mutations.has(items)).toBe(false);
  });

  it("do not include construction", () => {
    const built = programOf("class C:\n    def __init__(self):\n        self.x = {}\n        self.x['a'] = 1\ndef f():\n    return C()\n");
    expect(built.program.effectsOf(built.fn("f").id).writes.size).toBe(0);
  });

  it("of functions that call each other are the same for all, and far ones are left out", () => {
    const chain = Array.from({ length: 12 }, (_, index) => `    def m${index}(self):\n        self.m${index + 1}()\n`).join("");
    const source = `class C:\n    def a(self):\n        self.b()\n        self.x = 1\n    def b(self):\n        self.a()\n${chain}    def m12(self):\n        self.y = 1\n`;
    const { program: looped, fn: of } = programOf(source);
    expect(looped.effectsOf(of("C.b").id).writes.get("instance:m:C:x")).toBe(1);
    expect(looped.effectsOf(of("C.m8").id).writes.get("instance:m:C:y")).toBe(4);
    expect(looped.effectsOf(of("C.m0").id).writes.has("instance:m:C:y")).toBe(false);
  });
});

describe("functions", () => {
  it("role, publicity, generators, predicates", () => {
    const { fn } = programOf(`
import functools
from contextlib import contextmanager

def plain(): return 1
def _hidden(): pass
def answers(x): return x == 1
def asks() -> bool: return g()
def mixed(x): return {} if x else False
async def later(): pass

@contextmanager
def managed():
    yield 1

class C:
    def __len__(self): return 0
    def _m(self): pass
    @staticmethod
    def s(): pass
    @classmethod
    def k(cls): pass
    @property
    def p(self): pass
    @p.setter
    def p(self, value): pass
    @functools.cached_property
    def q(self): pass
    def outer(self):
        def inner(): pass

class _D:
    def m(self): pass
`);
    const role = (name: string): string => `${fn(name).role}${fn(name).public ? "" : " private"}`;
    expect(["plain", "_hidden", "C.__len__", "C._m", "C.s", "C.k", "C.p", "C.q", "C.outer", "C.outer.inner", "_D.m"].map(role)).toEqual([
      "function",
      "function private",
      "method",
      "method private",
      "static-method",
      "class-method",
      "property",
      "property",
      "method",
      "nested private",
      "method private",
    ]);
    expect(["answers", "asks", "mixed", "plain"].map((name) => fn(name).predicate)).toEqual([true, true, false, false]);
    expect(fn("managed")).toMatchObject({ generator: true, contextManager: true, asynchronous: false });
    expect(fn("later").asynchronous).toBe(true);
    expect(fn("C.outer.inner").owner).toBe("m:C");
  });

  it("parameters: kind, default, type, and what an absent argument does", () => {
    const { fn } = programOf(`
class C: pass

def f(a, /, b: C, *rest, c=None, d=None, e=None, g=0, **others):
    if c is None:
        raise ValueError
    if d:
        use(d)
    if not e:
        e = 1
`);
    expect(fn("f").parameters.map(({ name, kind, default: value, type, absence }) => [name, kind, value, type, absence])).toEqual([
      ["a", "positional-only", undefined, undefined, "untested"],
      ["b", "positional", undefined, "m:C", "untested"],
      ["rest", "var-positional", undefined, undefined, "untested"],
      ["c", "keyword-only", "None", undefined, "refused"],
      ["d", "keyword-only", "None", undefined, "handled"],
      ["e", "keyword-only", "None", undefined, "handled"],
      ["g", "keyword-only", "0", undefined, "untested"],
      ["others", "var-keyword", undefined, undefined, "untested"],
    ]);
  });
});
