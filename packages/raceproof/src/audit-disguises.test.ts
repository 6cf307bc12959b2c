// One race in many clothes: where a value may live, and how a lock may be held around it. Every place is seen, every lock silences it.
import { describe, expect, it } from "vitest";
import { auditSources } from "./audit.ts";

const encoder = new TextEncoder();

/** Rules that report something in functions called `count`, at medium confidence or above. */
function shownIn(text: string): string[] {
  const files = [
    { path: "pkg/__init__.py", bytes: encoder.encode("") },
    {
      path: "pkg/state.py",
      bytes: encoder.encode(
        `import threading\n\n\nclass State:\n    def __init__(self):\n        self.value = 0\n\n\nstate = State()\nvalue = 0\nLOCK = threading.RLock()\n`,
      ),
    },
    { path: "pkg/main.py", bytes: encoder.encode(text) },
  ];
  const shown = auditSources(files).hazards.filter(({ confidence }) => confidence !== "low");
  return shown.filter((hazard) => /(^|\.)_?count$/.test(hazard.function)).map(({ rule }) => rule);
}

const classWith = (init: string, body: string): string =>
  `class Counter:\n    def __init__(self):\n        ${init}\n\n    def count(self):\n${indented(body)}\n`;

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `        ${line}`)
    .join("\n");

const places: Readonly<Record<string, string>> = {
  "an attribute": classWith("self.value = 0", "self.value += 1"),
  "an attribute, in words": classWith("self.value = 0", "self.value = self.value + 1"),
  "an attribute by its name": classWith("self.value = 0", 'setattr(self, "value", getattr(self, "value") + 1)'),
  "an attribute through a local name": classWith("self.value = 0", "old = self.value\nself.value = old + 1"),
  "an attribute of an attribute": `from pkg.state import State\n\n\n${classWith("self.state = State()", "self.state.value += 1")}`,
  "an alias": `from pkg.state import State\n\n\n${classWith("self.state = State()", "state = self.state\nstate.value += 1")}`,
  "a walrus": `from pkg.state import State\n\n\n${classWith("self.state = State()", "if state := self.state:\n    state.value += 1")}`,
  "an entry of a dict": classWith("self.values = {}", 'self.values["a"] = self.values.get("a", 0) + 1'),
  "an element of a list": classWith("self.values = [0]", "self.values[0] += 1"),
  "an imported object": "from pkg.state import state as shared\n\n\ndef count():\n    shared.value += 1\n",
  "a module's global": "import pkg.state as state\n\n\ndef count():\n    state.value += 1\n",
  "a global": "value = 0\n\n\ndef count():\n    global value\n    value += 1\n",
  "a class attribute": "class Counter:\n    value = 0\n\n    def count(self):\n        type(self).value += 1\n",
  "an inner class": "class Counter:\n    class Inner:\n        value = 0\n\n    def count(self):\n        Counter.Inner.value += 1\n",
  "a dataclass": "from dataclasses import dataclass\n\n\n@dataclass\nclass Counter:\n    value: int = 0\n\n    def count(self):\n        self.value += 1\n",
  "an inherited attribute": "from pkg.state import State\n\n\nclass Counter(State):\n    def count(self):\n        self.value += 1\n",
  "a property": `${classWith("self._value = 0", "self.value += 1")}\n    @property\n    def value(self):\n        return self._value\n\n    @value.setter\n    def value(self, value):\n        self._value = value\n`,
  "a closure": "def make():\n    value = 0\n\n    def count():\n        nonlocal value\n        value += 1\n\n    return count\n",
  "an attribute of a function": "def count():\n    count.value += 1\n\n\ncount.value = 0\n",
  "a default": 'def count(values={"a": 0}):\n    values["a"] += 1\n',
};

const update = "self.value += 1";
const guarded = (lock: string, body: string): string =>
  `import contextlib\nimport threading\n\nfrom pkg.state import LOCK\n\n\n${classWith(`self._lock = ${lock}; self.value = 0`, body)}`;
const decorated = (decorator: string, prelude: string): string =>
  `${prelude}\n\n\nclass Counter:\n    def __init__(self):\n        self._lock = threading.Lock()\n        self.value = 0\n\n    @${decorator}\n    def count(self):\n        self.value += 1\n`;
const wrapper =
  "import threading\n\n\ndef locked(method):\n    def wrapper(self, *args):\n        with self._lock:\n            return method(self, *args)\n\n    return wrapper";

const locks: Readonly<Record<string, string>> = {
  "with Lock": guarded("threading.Lock()", `with self._lock:\n    ${update}`),
  "with RLock": guarded("threading.RLock()", `with self._lock:\n    ${update}`),
  "with Condition": guarded("threading.Condition()", `with self._lock:\n    ${update}`),
  "with Semaphore(1)": guarded("threading.Semaphore(1)", `with self._lock:\n    ${update}`),
  "an imported lock": guarded("None", `with LOCK:\n    ${update}`),
  "a lock by another name": guarded("threading.Lock()", `lock = self._lock\nwith lock:\n    ${update}`),
  "one of several managers": guarded("threading.Lock()", `with open("a") as file, self._lock:\n    ${update}`),
  "an exit stack": guarded("threading.Lock()", `with contextlib.ExitStack() as stack:\n    stack.enter_context(self._lock)\n    ${update}`),
  "try and finally": guarded("threading.Lock()", `self._lock.acquire()\ntry:\n    ${update}\nfinally:\n    self._lock.release()`),
  "an answer in a name": guarded(
    "threading.Lock()",
    `taken = self._lock.acquire(timeout=1)\nif taken:\n    try:\n        ${update}\n    finally:\n        self._lock.release()`,
  ),
  "a lock of a table": guarded('{"a": threading.Lock()}; self._locks = self._lock', `with self._locks["a"]:\n    ${update}`),
  "a decorator": decorated("locked", wrapper),
  "a foreign decorator": decorated("synchronized", "import threading\n\nfrom wrapt import synchronized"),
  "a caller": `${guarded("threading.Lock()", "with self._lock:\n    self._count()")}\n    def _count(self):\n        ${update}\n`,
  "a context manager": `${guarded("threading.Lock()", `with self.locked():\n    ${update}`)}\n    @contextlib.contextmanager\n    def locked(self):\n        with self._lock:\n            yield\n`,
  "two functions": `${guarded("threading.Lock()", `self._enter()\ntry:\n    ${update}\nfinally:\n    self._leave()`)}\n    def _enter(self):\n        self._lock.acquire()\n\n    def _leave(self):\n        self._lock.release()\n`,
};

describe("the place of a value", () => {
  it.each(Object.entries(places))("%s is seen", (_, text) => {
    expect(shownIn(text)).not.toEqual([]);
  });
});

describe("the way a lock is held", () => {
  it.each(Object.entries(locks))("%s keeps the audit silent", (_, text) => {
    expect(shownIn(text)).toEqual([]);
  });

  it("and without it the same is reported", () => {
    expect(shownIn(guarded("threading.Lock()", update))).toEqual(["python/non-atomic-update"]);
  });
});
