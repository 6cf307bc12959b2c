// How sure the rules are, and why: evidence for and against sharing, and what each rule knows that speaks against itself.
import { describe, expect, it } from "vitest";
import { auditSources } from "../../audit.ts";
import type { Hazard } from "../../vocabulary/index.ts";

function hazardsIn(text: string): readonly Hazard[] {
  return auditSources([{ path: "m.py", bytes: new TextEncoder().encode(text) }]).hazards;
}

function hazardAt(text: string, shape: string): Hazard {
  const hazard = hazardsIn(text).find(({ rule }) => rule === `python/${shape}`);
  if (!hazard) throw new Error(`no ${shape} in the sample`);
  return hazard;
}

const counter = (name: string, bases = "", more = ""): string =>
  `import threading\nclass ${name}${bases}:\n    def __init__(self):\n        self.n = 0\n        self._lock = threading.Lock()\n    def add(self):\n        self.n += 1\n${more}`;

describe("belief in sharing", () => {
  it("is small for what is made for tests and for what runs while modules load", () => {
    const confidences = (path: string, text: string): string[] =>
      auditSources([{ path, bytes: new TextEncoder().encode(text) }]).hazards.map(({ confidence }) => confidence);
    const registry = "class R:\n    names = 0\n    @classmethod\n    def register(cls):\n        cls.names += 1\n";
    expect(confidences("kit/registry.py", registry)).toEqual(["high"]);
    expect(confidences("kit/testing/registry.py", registry)).toEqual(["low"]);
    expect(confidences("kit/registry.py", `${registry}R.register()\n`)).toEqual(["low"]);
  });

  it.each([
    ["a public class without evidence", counter("Counter"), "medium", "is public"],
    ["a private class", counter("_Counter"), "low", "stay inside the library"],
    ["a class with a lock", counter("Counter", "", "    def read(self):\n        with self._lock:\n            return 1\n"), "high", "takes a lock itself"],
    [
      "a value that is locked elsewhere",
      counter("Counter", "", "    def read(self):\n        with self._lock:\n            return self.n\n"),
      "high",
      "accessed under Counter._lock",
    ],
    ["an instance in a global", counter("Counter", "", "shared = Counter()\n"), "high", "keeps an instance in shared"],
    ["a thread's own class", counter("Counter", "(threading.Thread)"), "high", "is a thread"],
    ["an iterator", counter("Counter", "", "    def __next__(self):\n        return 1\n"), "low", "normally used by one thread"],
    ["an iterator only by name", counter("Counter", "", "    def __next__(self):\n        raise TypeError\n"), "medium", "is public"],
    ["a role of one exchange", counter("HttpRequest"), "low", "belongs to one exchange, as its name says"],
    [
      "such a role with a lock",
      counter("HttpRequest", "", "    def read(self):\n        with self._lock:\n            return 1\n"),
      "high",
      "takes a lock itself",
    ],
    [
      "a lock of tasks",
      counter("Counter", "", "    async def read(self):\n        async with self._lock:\n            return 1\n"),
      "low",
      "has asynchronous methods",
    ],
    [
      "a class that refuses other threads",
      counter("Counter", "", "    def check(self):\n        if self.made_by != threading.get_ident():\n            raise RuntimeError\n"),
      "low",
      "refuses threads other than the one that made it",
    ],
    [
      "a part of what is shared, made elsewhere too",
      counter("Counter", "", "class Holder:\n    def __init__(self):\n        self.c = Counter()\nheld = Holder()\ndef make():\n    return Counter()\n"),
      "high",
      "reached through Holder.c",
    ],
    [
      "such a part with a role of one user",
      counter("Text", "", "class Holder:\n    def __init__(self):\n        self.c = Text()\nheld = Holder()\ndef make():\n    return Text()\n"),
      "low",
      "is a part of one tree or document, as its name says",
    ],
    [
      "such a part that is nothing else",
      counter("Text", "", "class Holder:\n    def __init__(self):\n        self.c = Text()\nheld = Holder()\n"),
      "high",
      "reached through Holder.c",
    ],
    [
      "an object of a reactor's thread",
      counter("Counter", "", "import twisted.internet.reactor\ndef start():\n    twisted.internet.reactor.run()\n"),
      "low",
      "runs on an event loop",
    ],
    [
      "an object of a program that works on documents",
      counter("Counter", "", "import docutils.nodes\ndef visit():\n    docutils.nodes.make_id('a')\n"),
      "low",
      "reads, transforms and writes a document",
    ],
    ["a metaclass", counter("Counter", "(type)"), "high", "is a metaclass"],
    [
      "a public method that the library calls with the lock",
      counter("Counter", "", "    def both(self):\n        with self._lock:\n            self.add()\n"),
      "low",
      "every call of Counter.add inside the library holds Counter._lock",
    ],
    ["an exception", counter("Counter", "(ValueError)"), "low", "normally used by one thread"],
    [
      "an object whose attributes change from step to step",
      counter("Counter", "", ["step", "back"].map((name) => `    def ${name}(self):\n        self.a = 1\n        self.b = 2\n        self.c = 3\n`).join("")),
      "low",
      "the state of one piece of work",
    ],
    ["a task of an event loop", counter("Counter").replace("def add", "async def add"), "low", "runs on an event loop"],
    [
      "an object with coroutines, used by a function",
      "class Buffer:\n    n = 0\n    async def read(self):\n        pass\n    def later(self):\n        async def run():\n            pass\n        return run\ndef beginning(buffer: Buffer):\n    buffer.n += 1\n",
      "low",
      "Buffer has asynchronous methods: its objects live on an event loop",
    ],
    ["a module global", "n = 0\ndef add():\n    global n\n    n += 1\n", "high", "module global"],
    [
      "an object of unknown class",
      `${counter("Counter")}def other(thing):\n    pass\n`
        .replace("        self.n += 1\n", "        pass\ndef bump(thing):\n    thing.n += 1\n")
        .replaceAll(".n ", ".number "),
      "low",
      "guessed",
    ],
  ])("of %s", (_what, text, confidence, evidence) => {
    const hazard = hazardAt(text, "non-atomic-update");
    expect(hazard.confidence).toBe(confidence);
    expect(hazard.evidence.join("; ")).toContain(evidence);
  });

  it("of a class attribute", () => {
    expect(hazardAt("class C:\n    on = False\n    def f(self, x):\n        C.on = x\n", "class-attribute-toggle")).toMatchObject({ confidence: "high" });
  });

  it("of what a method is asked for goes by who asks", () => {
    const rooms = (asking: string): string => `
class Base:
    def __init__(self):
        self.rooms = {}
    def has(self, key):
        return key in self.rooms
    def leave(self, key):
        del self.rooms[key]
class Rooms(Base):
    ${asking} enter(self, key):
        if self.has(key):
            self.leave(key)
`;
    const asked = (asking: string): unknown => hazardAt(rooms(asking), "check-then-act").confidence;
    expect([asked("def"), asked("async def")]).toEqual(["medium", "low"]);
  });

  it("of the elements of a class that is a container itself", () => {
    const text = "class D(dict):\n    def drop(self, key):\n        if key in self:\n            del self[key]\n";
    expect(hazardAt(text, "check-then-act")).toMatchObject({ confidence: "low", evidence: ["D is a container itself: who shares one also guards it"] });
  });
});

describe("doubts of a rule about itself", () => {
  const handlers = (loop: string): string => `
handlers = {}

def add(name, handler):
    handlers[name] = handler

def run():
    ${loop.replaceAll("\n", "\n    ")}
`;

  it.each([
    ["for h in handlers.values():\n    h()", "high"],
    ["sum(handlers.values())", "medium"],
    ["next(iter(handlers))", "medium"],
    ["try:\n    for h in handlers:\n        h()\nexcept RuntimeError:\n    pass", "low"],
    ["try:\n    for h in handlers:\n        h()\nexcept KeyError:\n    pass", "high"],
  ])("iteration: %s", (loop, confidence) => {
    expect(hazardAt(handlers(loop), "mutate-during-iterate").confidence).toBe(confidence);
  });

  it.each([
    ["if key in table:\n    raise KeyError(key)\ntable[key] = value", "high", "wrong-answer"],
    ["if key not in table:\n    table[key] = value", "medium", "wrong-answer"],
    ["if key not in table:\n    table[key] = []", "high", "wrong-answer"],
    ["if key in table:\n    del table[key]", "high", "crash"],
    ["if key in table:\n    return table[key]", "high", "crash"],
  ])("check and act: %s", (body, confidence, severity) => {
    const text = `table = {}\ndef f(key, value):\n    ${body.replaceAll("\n", "\n    ")}\ndef g(key):\n    table.pop(key)\n`;
    expect(hazardAt(text, "check-then-act")).toMatchObject({ confidence, severity });
  });

  it.each([
    ["_x = None\ndef f():\n    global _x\n    if _x is None:\n        _x = make()\n", "low"],
    ["_x = None\ndef f():\n    global _x\n    if _x is None:\n        _x = make()\ndef g():\n    global _x\n    _x = None\n", "medium"],
    ["_x = False\ndef f():\n    global _x\n    _x = True\n", "low"],
    ["_x = False\ndef f():\n    global _x\n    _x = True\ndef g():\n    global _x\n    _x = False\n", "medium"],
    ["class C: pass\n_x = None\ndef f():\n    global _x\n    if _x is None:\n        _x = C()\n", "medium"],
    ["_x = None\ndef f(k):\n    global _x\n    if _x is None:\n        _x = {}\n    _x[k] = 1\n", "medium"],
    ["_x = None\ndef f(k):\n    global _x\n    if _x is None:\n        _x = {'a': 1}\n    return _x[k]\n", "low"],
  ])("globals: %j", (text, confidence) => {
    expect(hazardAt(text, "process-global-state").confidence).toBe(confidence);
  });

  it("a mask is doubted twice", () => {
    expect(hazardAt("flags = 0\ndef f(bit):\n    global flags\n    flags |= bit\n", "non-atomic-update").confidence).toBe("low");
  });
});
