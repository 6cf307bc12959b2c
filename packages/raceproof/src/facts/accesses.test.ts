// What one line of code does to shared memory: kind, operation and location of every access.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

const subject = (body: string): string => `
import bisect, heapq
from collections import Counter

total = 0
names = []

class Shop:
    def __init__(self):
        self.count = 0
        self.items = {}
        self.queue = []
        self.tags = set()
        self.records: dict[str, dict[str, int]] = {}
        self.state = None

    def act(self, key, other):
        ${body.replaceAll("\n", "\n        ")}
`;

const accessesOf = (body: string): string[] => programOf(subject(body)).accesses("Shop.act");

describe("reads and writes", () => {
  it.each([
    ["x = self.count", ["read read Shop.count"]],
    ["self.count = 1", ["write = Shop.count"]],
    ["self.count += 1", ["update += Shop.count"]],
    ["self.count |= 1", ["update |= Shop.count"]],
    ["self.count: int = 1", ["write = Shop.count"]],
    ["del self.count", ["write del Shop.count"]],
    ["setattr(self, 'count', 1)", ["write = Shop.count"]],
    ["object.__setattr__(self, 'count', 1)", ["write = Shop.count"]],
    ["super().__setattr__('count', 1)", ["write = Shop.count"]],
    ["setattr(other, 'count', 1)", ["write = !Shop.count"]],
    ["setattr(self, key, 1)", []],
    ["setattr(self, key, getattr(self, key) + 1)", ["write = Shop.__dict__[]"]],
    ["setattr(self, key, getattr(other, key) + 1)", []],
    ["delattr(self, 'count')", ["write del Shop.count"]],
    ["x = getattr(self, 'count')", ["read read Shop.count"]],
    ["getattr(self, 'queue').append(1)", ["call append Shop.queue"]],
    ["getattr(self, 'act')(1, 2)", []],
    ["if hasattr(self, 'count'): pass", ["check present Shop.count"]],
    ["self.__dict__['count'] += 1", ["update += Shop.count"]],
    ["vars(self)['count'] = 1", ["write = Shop.count"]],
    ["x = vars(self)['count']", ["read read Shop.count"]],
    ["del self.__dict__['count']", ["write del Shop.count"]],
    ["if 'count' in self.__dict__: pass", ["check present Shop.count"]],
    ["self.__dict__[key] += 1", ["update += Shop.__dict__[]"]],
    ["self.count, x = 1, 2", ["write = Shop.count"]],
    ["for self.count in range(3): pass", ["write = Shop.count"]],
    ["with open('x') as self.state: pass", ["write = Shop.state"]],
    ["(x := self.count)", ["read read Shop.count"]],
    ["return self.count", ["read read Shop.count"]],
    ["f'{self.count}'", ["read read Shop.count"]],
    ["lambda: self.count", ["read read Shop.count"]],
    ["[self.count for x in ()]", ["read read Shop.count"]],
    ["print(self.count)", ["read read Shop.count"]],
  ])("%s", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });

  it("of globals need the global statement to write", () => {
    expect(accessesOf("global total\ntotal += 1\nnames.append(total)")).toEqual(["update += m.total", "call append m.names", "read read m.total"]);
    expect(accessesOf("total = 1\nprint(total)")).toEqual([]);
  });

  it("of class attributes through the class, the instance's class and cls", () => {
    const { accesses } = programOf(
      "class C:\n    on = False\n    def f(self):\n        C.on = 1\n        self.__class__.on = 2\n        type(self).on += 1\n        x = self.on\n",
    );
    expect(accesses("C.f")).toEqual(["write = C.on", "write = C.on", "update += C.on", "read read C.on"]);
  });

  it("through an instance make an attribute of the instance, also where the class gives a default", () => {
    const { fn } = programOf("class C:\n    on = False\ndef f(c: C):\n    c.on = True\n    c.on += 1\n    C.on = None\n");
    expect(fn("f").accesses.map(({ kind, location }) => `${kind} ${location.ownerKind}`)).toEqual(["write instance", "update instance", "write class"]);
  });

  it("through a property are calls of its setter, not stores to what its getter reads", () => {
    const source =
      "class C:\n    def __init__(self):\n        self._on = 0\n    @property\n    def on(self):\n        return self._on\n    @on.setter\n    def on(self, value):\n        self._on = value\n";
    const { accesses, calls } = programOf(`${source}def f(c: C, unknown):\n    c.on = 1\n    unknown.on = 2\n    print(c.on)\n    c.on += 1\n`);
    expect(accesses("f")).toEqual(["read read C._on", "update += C._on"]);
    expect(calls("f")).toContain("c.on -> C.on");
  });

  it("know the locations of process and module state by owner kind", () => {
    const { fn } = programOf(subject("global total\ntotal = 1\nself.count = 2\nShop.limit = 3"));
    expect(fn("Shop.act").accesses.map(({ location }) => location.ownerKind)).toEqual(["module", "instance", "class"]);
  });
});

describe("checks", () => {
  it.each([
    ["if self.items: pass", ["check truth Shop.items"]],
    ["while not self.queue: pass", ["check truth Shop.queue"]],
    ["x = 1 if self.items else 2", ["check truth Shop.items"]],
    ["assert self.items", ["check truth Shop.items"]],
    ["if self.items and other: pass", ["check truth Shop.items"]],
    ["if key in self.items: pass", ["check in Shop.items"]],
    ["if key not in self.tags: pass", ["check in Shop.tags"]],
    ["if len(self.queue) > 1: pass", ["check len Shop.queue"]],
    ["bool(self.queue)", ["check len Shop.queue"]],
    ["if self.state is None: pass", ["check is-none Shop.state"]],
    ["if self.state is not None: pass", ["check is-none Shop.state"]],
    ["if self.count == 3: pass", ["read == Shop.count"]],
    ["if -1 != self.count: pass", ["read == Shop.count"]],
    ["if self.count in other: pass", ["read read Shop.count"]],
  ])("%s", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });
});

describe("elements", () => {
  it.each([
    ["x = self.items[key]", ["read [] Shop.items"]],
    ["self.items[key] = 1", ["write []= Shop.items"]],
    ["del self.items[key]", ["write del[] Shop.items"]],
    ["self.items[key] += 1", ["update += Shop.items[]"]],
    ["self.items['a'] += 1", ["update += Shop.items['a']"]],
    ["x = self.queue[1:]", ["read [:] Shop.queue"]],
    ["self.queue[:] = []", ["write [:]= Shop.queue"]],
    ["del self.queue[2:]", ["write del[:] Shop.queue"]],
    ["self.records[key]['size'] += 1", ["update += Shop.records[]['size']", "read [] Shop.records"]],
    ["record = self.records[key]\nrecord['size'] += 1", ["read [] Shop.records", "update += Shop.records[]['size']"]],
    ["record = self.records[key]\nrecord['size'] = 1", ["read [] Shop.records", "write []= Shop.records[]['size']"]],
  ])("%s", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });
});

describe("container calls", () => {
  it.each([
    ["self.queue.append(key)", ["call append Shop.queue"]],
    ["self.items.pop(key, None)", ["call pop Shop.items"]],
    ["self.items.get(key)", ["call get Shop.items"]],
    ["self.items.setdefault(key, [])", ["call setdefault Shop.items"]],
    ["self.tags.discard(key)", ["call discard Shop.tags"]],
    ["heapq.heappush(self.queue, key)", ["call heapq.heappush Shop.queue"]],
    ["bisect.insort(self.queue, key)", ["call bisect.insort Shop.queue"]],
    ["queue = self.queue\nqueue.append(key)", ["read read Shop.queue", "call append Shop.queue"]],
    ["self.queue.unheard_of()", ["read read Shop.queue"]],
    ["self.state.append(key)", ["call append Shop.state"]],
  ])("%s", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });
});

describe("iteration", () => {
  it.each([
    ["for x in self.items: pass", ["iterate for Shop.items"]],
    ["for x in self.items.values(): pass", ["iterate for Shop.items"]],
    ["for k, v in self.items.items(): pass", ["iterate for Shop.items"]],
    ["[x for x in self.items]", ["iterate for Shop.items"]],
    ["{k: v for k, v in self.items.items()}", ["iterate for Shop.items"]],
    ["for i, x in enumerate(self.items): pass", ["iterate for Shop.items"]],
    ["yield from self.items", ["iterate for Shop.items"]],
    ["items = self.items\nfor x in items: pass", ["read read Shop.items", "iterate for Shop.items"]],
    ["next(iter(self.items))", ["iterate next-iter Shop.items"]],
    ["list(self.items)", ["call builtins.list Shop.items"]],
    ["list(self.items.items())", ["call builtins.list Shop.items"]],
    ["sum(self.items.values())", ["call builtins.sum Shop.items"]],
    ["self.items.copy()", ["call copy Shop.items"]],
    ["self.items.values()", ["call values Shop.items"]],
    ["iter(self.items)", ["call builtins.iter Shop.items"]],
  ])("%s", (body, expected) => {
    expect(accessesOf(body)).toEqual(expected);
  });
});

describe("details of an access", () => {
  const detail = (body: string, index = 0) => {
    const access = programOf(subject(body)).fn("Shop.act").accesses[index];
    if (!access) throw new Error("no access");
    return access;
  };

  it("key, origins and source text", () => {
    const access = detail("name = str(other)\nself.items[name] = 1");
    expect(access).toMatchObject({ key: "name", origins: [expect.stringMatching(/^call@\d+$/), "other"], text: "self.items", container: "dict" });
    expect(access.statement).toMatchObject({ line: 19, column: 8, endColumn: 28 });
  });

  it.each([
    ["self.count = self.count + 1", "counter"],
    ["self.count = -self.count", "counter"],
    ["self.count = self.count | 4", "masked"],
    ["self.count = self.count @ other", "derived"],
    ["old = self.count\nself.count = old + 1", "counter"],
    ["old = self.count\nself.count = 1\nself.count = old", "saved"],
    ["self.count = 5", "constant"],
    ["self.count = -1", "constant"],
    ["self.count = None", "none"],
    ["self.count = key", "other"],
    ["self.items = {}", "fresh-container"],
    ["self.state = Shop()", "fresh-object"],
  ])("what `%s` stores: %s", (body, stored) => {
    const accesses = programOf(subject(body)).fn("Shop.act").accesses;
    expect(accesses.findLast((access) => access.kind === "write")?.stored).toBe(stored);
  });

  it("a kind known from one access holds for the location", () => {
    const { program } = programOf("class C:\n    def __init__(self, x):\n        self.x = x\n    def f(self):\n        self.x.setdefault(1, 2)\n");
    expect(program.locations.get("instance:m:C:x")?.container).toBe("dict");
  });

  it("an instance of a subclass of dict is its own container", () => {
    const { accesses } = programOf(
      "class D(dict):\n    def f(self, key):\n        if key in self:\n            del self[key]\n        self.pop(key)\n        super().clear()\n    def pop(self, key):\n        print(self)\n",
    );
    expect(accesses("D.f")).toEqual(["check in D.<items>", "write del[] D.<items>", "call clear D.<items>"]);
    expect(accesses("D.pop")).toEqual([]);
  });

  it("source text and fingerprints do not depend on white space", () => {
    const { program, fn } = programOf("class C:\n    def f(self):\n        self.x = g(1,\n            2)\n");
    expect(program.sourceOf(fn("C.f").accesses[0]!.statement)).toBe("self.x = g(1, 2)");
    expect(program.sourceOf({ file: "elsewhere.py", line: 1, column: 0, endLine: 1, endColumn: 3 })).toBe("");
  });
});

it("elements of enumerate are those of what is counted", () => {
  const source =
    "class Item:\n    n = 0\nclass Shop:\n    def __init__(self):\n        self.items: list[Item] = []\n    def act(self):\n        for i, x in enumerate(self.items): x.n = i\n";
  expect(programOf(source).accesses("Shop.act")).toEqual(["iterate for Shop.items", "write = Item.n"]);
});
