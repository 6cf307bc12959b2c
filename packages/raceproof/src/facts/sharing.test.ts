// Who else can reach the object: construction, objects not yet published, imports, confined storage, and evidence for classes.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

describe("construction", () => {
  it("covers __init__ and what only constructors call, on the object under construction alone", () => {
    const { accesses, fn } = programOf(`
registry = {}

class Shop:
    def __init__(self, other: "Shop"):
        self.x = 1
        other.x = 2
        self.items = {}
        self.items["a"] = 3
        registry["b"] = self
        self._prepare()
        Shop.made = 1

    def _prepare(self):
        self.x = 4
        self._deeper()

    def _deeper(self):
        self.x = 5

    def __setstate__(self, state):
        self.x = 6

    def __new__(cls):
        self = super().__new__(cls)
        self.x = 7
        cls.made = 1
        return self

    def act(self):
        self.x = 8
        self._twice()

    def _twice(self):
        self.x = 9

    def again(self):
        self._twice()
`);
    expect(accesses("Shop.__init__")).toEqual([
      "write = Shop.x construction",
      "write = Shop.x",
      "write = Shop.items construction",
      "write []= Shop.items construction",
      "write []= m.registry",
      "write = Shop.made",
    ]);
    expect(accesses("Shop._prepare")).toEqual(["write = Shop.x construction"]);
    expect(accesses("Shop._deeper")).toEqual(["write = Shop.x construction"]);
    expect(accesses("Shop.__setstate__")).toEqual(["write = Shop.x construction"]);
    expect(accesses("Shop.__new__")).toContain("write = Shop.made");
    expect(accesses("Shop._twice")).toEqual(["write = Shop.x"]);
    expect(["__init__", "_deeper", "act", "_twice"].map((name) => fn(`Shop.${name}`).phase)).toEqual(["construction", "construction", "ordinary", "ordinary"]);
  });

  it("of a class covers __init_subclass__, which has the new class as receiver", () => {
    const { accesses } = programOf("class A:\n    made = 0\n    def __init_subclass__(cls):\n        cls.made = 1\n        A.made += 1\n");
    expect(accesses("A.__init_subclass__")).toEqual(["write = A.made construction", "update += A.made"]);
  });

  it("ends where the constructor hands the object to a helper of somebody else", () => {
    const { accesses } = programOf("class A:\n    def __init__(self, b: 'A'):\n        b._prepare()\n    def _prepare(self):\n        self.x = 1\n");
    expect(accesses("A._prepare")).toEqual(["write = A.x"]);
  });
});

describe("fresh objects", () => {
  const shop = "class Shop:\n    def __init__(self):\n        self.x = 0\n        self.items = {}\n    def fill(self):\n        self.x = 1\nkept = []\n";
  const accessesOf = (body: string): string[] => programOf(`${shop}def f(given: Shop):\n    ${body.replaceAll("\n", "\n    ")}\n`).accesses("f");

  it.each([
    ["shop = Shop()\nshop.x = 1\nreturn shop", ["write = Shop.x fresh"]],
    ["shop = Shop()\nprint(shop)\nlen(shop)\nshop.x = 1", ["write = Shop.x fresh"]],
    ["shop = Shop()\nkept.append(shop)\nshop.x = 1", ["call append m.kept", "write = Shop.x"]],
    ["shop = Shop()\nshop.x = 1\nkept.append(shop)", ["write = Shop.x fresh", "call append m.kept"]],
    ["shop = Shop()\ngiven.child = shop\nshop.x = 1", ["write = Shop.child", "write = Shop.x"]],
    ["shop = Shop()\nregister(shop=shop)\nshop.x = 1", ["write = Shop.x"]],
    ["shop = Shop()\nyield shop\nshop.x = 1", ["write = Shop.x"]],
    ["shop = Shop()\npair = (shop, 1)\nshop.x = 1", ["write = Shop.x"]],
    ["shop = Shop() if given else given\nshop.x = 1", ["write = Shop.x"]],
    ["shop = given or Shop()\nshop.x = 1", ["write = Shop.x"]],
    ["given.x = 1", ["write = Shop.x"]],
    ["shop = given.__new__(Shop)\nshop.x = 1", ["read read Shop.__new__", "write = Shop.x fresh"]],
    ["shop: Shop = Shop.__new__(Shop)\nshop.x = 1", ["read read Shop.__new__", "write = Shop.x fresh"]],
    ["items = {}\nitems['a'] = 1\nfor item in items: pass", []],
  ])("%s", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });

  it("are classes that the function itself defines", () => {
    const { accesses } = programOf(
      "class Base:\n    x = 0\ndef f():\n    class Local(Base):\n        pass\n    Local.x = 1\n    Base.x = 2\n    return Local\n",
    );
    expect(accesses("f")).toEqual(["write = Base.x fresh", "write = Base.x"]);
  });

  it("are receivers of calls whose effects nobody sees", () => {
    const { fn } = programOf(`${shop}def f(given: Shop):\n    shop = Shop()\n    shop.fill()\n    given.fill()\n`);
    expect(fn("f").calls.map(({ text, sharing }) => `${text} ${sharing}`)).toEqual(["Shop shared", "shop.fill fresh", "given.fill shared"]);
  });
});

describe("import and confinement", () => {
  it("modules and class bodies run once", () => {
    const { accesses } = programOf(
      "table = {}\ntable['a'] = 1\nclass C:\n    n = 0\n    n += 1\ndef f():\n    table['b'] = 2\n_private = {}\ndef _fill():\n    _private['c'] = 3\n_fill()\n",
    );
    expect(accesses("<module>")).toEqual(["write = m.table import", "write []= m.table import", "write = m._private import"]);
    expect(accesses("f")).toEqual(["write []= m.table"]);
    expect(accesses("_fill")).toEqual(["write []= m._private import"]);
  });

  it("context-local proxies stand for an object of one task", () => {
    const { accesses, program } = programOf(`
from werkzeug.local import LocalProxy
class Session:
    def touch(self): pass
session: Session = LocalProxy(find)
names: dict = LocalProxy(find)
other: Session = find()
def f(x):
    if x in names:
        del names[x]
`);
    expect(accesses("f")).toEqual(["check in m.names confined", "write del[] m.names confined"]);
    expect(program.classes.get("m:Session")?.sharedBecause).toEqual(["module m keeps an instance in other"]);
  });

  it("thread-local and context storage belong to one thread or task", () => {
    const { fn } = programOf(`
import contextvars, threading
state = threading.local()
variable = contextvars.ContextVar("variable")

class Mine(threading.local):
    depth = 0

mine = Mine()

def f():
    state.depth = 1
    variable.set(2)
    mine.depth += 1
`);
    expect(fn("f").accesses.filter(({ sharing, kind }) => sharing === "shared" && kind !== "read")).toEqual([]);
  });
});

describe("evidence for a class", () => {
  const source = `
import threading

class Locked:
    def __init__(self):
        self._lock = threading.Lock()
        self.part = Part()
    def act(self):
        with self._lock:
            pass

class Kept:
    pass

class Settings:
    default = Kept()

class Part:
    def __init__(self):
        self.detail = _Detail()

class _Detail:
    pass

class Derived(Locked):
    pass

class Alone:
    def __init__(self):
        self.helper = Helper()
    def act(self):
        self.x = 1

class Helper:
    pass

class _Hidden:
    pass

class Worker:
    def start(self, executor):
        threading.Thread(target=self.run).start()
    def run(self):
        pass

class Sender:
    def start(self, executor):
        executor.submit(self.send, 1)
    def send(self, x):
        pass

class Daemon(threading.Thread):
    def run(self):
        pass

default = Kept()
`;
  const { classes } = programOf(source).program;

  it.each([
    ["Locked", ["Locked takes a lock itself"]],
    ["Derived", ["Locked takes a lock itself"]],
    ["Kept", ["module m keeps an instance in default", "class Settings keeps an instance in default"]],
    ["Part", ["reached through Locked.part"]],
    ["_Detail", ["reached through Part.detail"]],
    ["Alone", []],
    ["Helper", []],
    ["Worker", ["a thread is started on Worker.run"]],
    ["Sender", ["a thread is started on Sender.send"]],
    ["Daemon", ["Daemon is a thread"]],
  ])("of %s: %j", (name, expected) => {
    expect(classes.get(`m:${name}`)?.sharedBecause).toEqual(expected);
  });

  it("a class without evidence is public when its name is, or when a public class keeps an instance", () => {
    const isPublic = (name: string): boolean | undefined => classes.get(`m:${name}`)?.public;
    expect(["Alone", "_Detail", "_Hidden"].map(isPublic)).toEqual([true, true, false]);
  });

  it("classes made and used inside functions are not public, when the package says what it exports", () => {
    const inside = `
class Exported: pass
class Transient:
    def run(self): pass
class Stored: pass
class Listed: pass
class Added: pass
class AddedLater(Added): pass
class Never: pass
class Inner: pass
class Outer:
    def __init__(self):
        self.inner = Inner()

__all__ = ["Listed"]
table = {}

def use(owner):
    Transient().run()
    Exported()
    Listed()
    table["stored"] = Stored()
    table.setdefault("added", Added())
    AddedLater()
    outer = Outer()
`;
    const publicIn = (files: Readonly<Record<string, string>>): string[] =>
      [...programOf(files).program.classes.values()].filter((cls) => cls.public).map((cls) => cls.qualifiedName);
    expect(publicIn({ "pkg/__init__.py": "from .inside import Exported\n", "pkg/inside.py": inside })).toEqual([
      "Exported",
      "Stored",
      "Listed",
      "Added",
      "Never",
    ]);
    expect(publicIn({ "pkg/__init__.py": "", "pkg/inside.py": inside.replace("__all__", "names") })).toHaveLength(9);
  });

  it("class facts name bases, methods and kinds", () => {
    const { program } = programOf({
      "base.py": "from abc import ABC\nclass Root(ABC):\n    def a(self): pass\nclass Trouble(ValueError): pass\n",
      "m.py": "import typing\nfrom base import *\nclass _Leaf(Root, typing.Generic[int]):\n    def b(self): pass\nclass Worse(Trouble): pass\n",
    });
    expect(program.classes.get("m:_Leaf")).toMatchObject({
      bases: ["base:Root"],
      externalBases: ["Generic"],
      public: false,
      abstract: false,
      exception: false,
    });
    expect(program.classes.get("base:Root")).toMatchObject({ abstract: true });
    expect(program.classes.get("m:Worse")).toMatchObject({ exception: true });
    expect(program.lineageOf("m:_Leaf").map((cls) => cls.key)).toEqual(["m:_Leaf", "base:Root"]);
    expect(program.lineageOf("m:Nobody")).toEqual([]);
    expect([...(program.classes.get("m:_Leaf")?.methods.keys() ?? [])]).toEqual(["b"]);
  });
});
