// Expressions and what they are known to be: probe(expression) in the sample, its description in the expectation.
import { describe, expect, it } from "vitest";
import { probe } from "../fixtures/sample-program.ts";

const classes = `
class Item:
    def __init__(self):
        self.count = 0


class Shop:
    items: dict[str, Item]

    def __init__(self, owner=None):
        self.items = {}
        self.names = []
        self.first = Item()
        self.owner = owner
`;

describe("constants and displays", () => {
  it.each([
    ["1", "integer"],
    ["1.5", "float"],
    ["'a'", "text"],
    ["b'a'", "text"],
    ["True", "boolean"],
    ["None", "none"],
    ["{}", "fresh dict"],
    ["{'a': 1}", "fresh dict of integer"],
    ["[1, 2]", "fresh list of integer"],
    ["{1}", "fresh set of integer"],
    ["[x for x in ()]", "fresh list"],
    ["{x: [] for x in ()}", "fresh dict of list"],
    ["(x for x in ())", "fresh generator"],
    ["f'{1}'", "fresh text"],
    ["(1, [])", "(integer, list)"],
    ["1 < 2", "fresh boolean"],
    ["...", "unknown"],
  ])("%s is %s", (expression, expected) => {
    expect(probe(`probe(${expression})\n`)).toEqual([expected]);
  });

  it.each([
    ["None if b else []", "list"],
    ["None or {}", "dict"],
    ["-1", "integer"],
    ["1 + x", "integer"],
    ["(y := 1)", "integer"],
    ["[*{}]", "fresh list of dict"],
  ])("%s is joined from its operands: %s", (expression, expected) => {
    expect(probe(`probe(${expression})\n`)).toEqual([expected]);
  });
});

describe("calls", () => {
  it.each([
    ["dict()", "fresh dict"],
    ["sorted([1])", "fresh list of integer"],
    ["list([1])", "fresh list of integer"],
    ["set()", "fresh set"],
    ["len(x)", "fresh integer"],
    ["collections.deque()", "fresh deque"],
    ["defaultdict(list)", "fresh dict"],
    ["threading.RLock()", "fresh lock"],
    ["threading.local()", "fresh thread-local"],
    ["queue.Queue()", "fresh queue"],
    ["contextvars.ContextVar('x')", "fresh context-variable"],
    ["itertools.count()", "fresh counter"],
    ["frozenset()", "fresh immutable"],
    ["open('x')", "unknown"],
    ["undefined()", "unknown"],
    ["{'a': 1}.get('a')", "integer"],
    ["[[]].pop()", "list"],
    ["{'a': []}.copy()", "fresh dict of list"],
    ["cast('dict', undefined)", "dict"],
    ["cast(list, undefined)", "list"],
  ])("%s gives %s", (expression, expected) => {
    const imports = "import collections, threading, queue, contextvars, itertools\nfrom collections import defaultdict\nfrom typing import cast\n";
    expect(probe(`${imports}probe(${expression})\n`)).toEqual([expected]);
  });

  it("of functions give what they return; the annotation wins over the body", () => {
    const source = `${classes}
def make():
    return Shop()

def promise() -> "Item":
    return registry()

def generate():
    yield 1

probe(make())
probe(promise())
probe(generate())
probe(make)
`;
    expect(probe(source)).toEqual(["fresh Shop", "Item", "generator", "function make"]);
  });

  it("of instances run __call__", () => {
    expect(probe("class C:\n    def __call__(self):\n        return []\nprobe(C()())\n")).toEqual(["fresh list"]);
  });

  it("that never end are unknown", () => {
    expect(probe("def f():\n    return f()\nprobe(f())\n")).toEqual(["unknown"]);
  });
});

describe("attributes", () => {
  it("of self come from every assignment in the class, with the place they live in", () => {
    const source = `${classes}
    def look(self):
        probe(self.items)
        probe(self.names)
        probe(self.first)
        probe(self.first.count)
        probe(self.missing)
        probe(self.look)
`;
    expect(probe(source)).toEqual([
      "dict of Item at Shop.items",
      "list at Shop.names",
      "Item at Shop.first",
      "integer at Item.count",
      "unknown at Shop.missing",
      "function Shop.look",
    ]);
  });

  it("follow local aliases, elements and chains", () => {
    const source = `${classes}
def walk(shop: Shop, key):
    items = shop.items
    item = items[key]
    probe(item)
    probe(item.count)
    probe(shop.items["a"])
    for each in shop.items.values():
        probe(each)
    for name, each in shop.items.items():
        probe(each)
    probe(shop.items.get(key).count)
`;
    expect(probe(source)).toEqual([
      "Item at Shop.items[]",
      "integer at Item.count",
      "Item at Shop.items['a']",
      "Item at Shop.items[]",
      "Item at Shop.items[]",
      "integer at Item.count",
    ]);
  });

  it("of subclasses live where the root of the hierarchy declares them", () => {
    const source = `
class Base:
    total = 0
    def __init__(self):
        self.data = {}

class Derived(Base):
    def look(self):
        probe(self.data)
        probe(super().__init__)
        probe(self.__class__)
        probe(type(self).total)
        probe(self.total)
        probe(Derived.total)
`;
    expect(probe(source)).toEqual([
      "dict at Derived.data",
      "function Base.__init__",
      "class Derived",
      "integer at class Base.total",
      "integer at class Base.total",
      "integer at class Base.total",
    ]);
  });

  it("that are properties give what the getter returns", () => {
    const source = `
class Box:
    def __init__(self):
        self._content = []

    @property
    def content(self):
        return self._content

    @functools.cached_property
    def size(self) -> int:
        return compute()

def look(box: Box):
    probe(box.content)
    probe(box.size)
`;
    expect(probe(source)).toEqual(["list at Box._content", "integer"]);
  });

  it("of objects of unknown class are guessed when one class alone has the name", () => {
    const source = `${classes}
def look(thing):
    probe(thing.names)
    probe(thing.x)
    probe(thing.nowhere)
`;
    expect(probe(source)).toEqual(["list at !Shop.names", "unknown", "unknown"]);
  });

  it("of class bodies belong to the class object", () => {
    const source = "class C:\n    table = {}\n    class Inner:\n        pass\nprobe(C.table)\nprobe(C.Inner)\nprobe(C().table)\n";
    expect(probe(source)).toEqual(["dict at class C.table", "class C.Inner", "dict at class C.table"]);
  });
});

describe("names", () => {
  it("are looked up in functions, then the functions around them, then the module, then builtins; never in class bodies", () => {
    const source = `
value = []

class C:
    value = {}
    def method(self):
        probe(value)

def outer():
    value = 1
    def inner():
        probe(value)
    def other():
        global value
        probe(value)
    probe(print)
`;
    expect(probe(source)).toEqual(["list at m.value", "integer", "list at m.value", "<builtins.print>"]);
  });

  it("of modules have a place unless they only name definitions", () => {
    expect(probe("import os\ndef f(): pass\nclass C: pass\nstate = None\nprobe(os)\nprobe(f)\nprobe(C)\nprobe(state)\n")).toEqual([
      "<os>",
      "function f",
      "class C",
      "none at m.state",
    ]);
  });

  it("bound by with, except, match and unpacking", () => {
    const source = `
class Manager:
    pass

def f(pair: tuple[list, dict], subject):
    left, right = pair
    probe(right)
    with Manager() as manager:
        probe(manager)
    try:
        pass
    except ValueError as error:
        probe(error)
    match subject:
        case [first, *rest]:
            probe(rest)
    (a, [b, c]) = (1, ["x", {}])
    probe(a)
`;
    expect(probe(source)).toEqual(["dict", "fresh Manager", "unknown", "unknown", "integer"]);
  });

  it("bound in both branches take the first informative value", () => {
    expect(probe("if x:\n    a = None\nelse:\n    a = {}\nprobe(a)\n")).toEqual(["dict at m.a"]);
  });

  it("bound to each other in a circle are unknown", () => {
    expect(probe("def f():\n    a = b\n    b = a\n    probe(a)\n")).toEqual(["unknown"]);
  });
});
