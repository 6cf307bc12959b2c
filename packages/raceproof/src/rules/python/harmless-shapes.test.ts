// What looks like a hazard and is none, or hardly one, beside its harmful twin: what each rule says of both.
import { describe, expect, it } from "vitest";
import { auditSources } from "../../audit.ts";

/** The strongest confidence of the rule's hazards; "none" without one. */
function confidenceIn(text: string, shape: string): string {
  const { hazards } = auditSources([{ path: "m.py", bytes: new TextEncoder().encode(text) }]);
  const found = hazards.filter(({ rule }) => rule === `python/${shape}`).map(({ confidence }) => confidence);
  return ["high", "medium", "low"].find((each) => found.some((confidence) => confidence === each)) ?? "none";
}

interface Twins {
  readonly shape: string;
  readonly what: string;
  readonly harmless: string;
  readonly harmful: string;
  /** Of the harmless one. */
  readonly expected?: string;
}

const cache = (body: string): string => `table = {}\ndef f(key):\n    ${body.replaceAll("\n", "\n    ")}\n`;

const worker = (own: string): string => `
import threading
class Worker(threading.Thread):
    def __init__(self, work):
        super().__init__()
        self.work = work
        self.busy = False
    def ${own}(self):
        self.busy = True
        self.work()
        self.busy = False
    def is_busy(self):
        return self.busy
`;

const display = (made: string): string =>
  `
import threading
class Watcher(threading.Thread):
    def __init__(self, display):
        super().__init__()
        self.display = display
    def run(self):
        while self.display.started:
            print("on")
class Refresher(threading.Thread):
    def run(self):
        print("refresh")
class Display:
    def __init__(self):
        self.started = False
    def start(self):
        self.started = True
        refresh_thread = ${made}
        refresh_thread.start()
    def stop(self):
        self.started = False
`.replace("${made}", made);

const client = (reset: string): string => `
class Client:
    def __init__(self):
        self._name = None
    def show(self):
        if self._name:
            print(self._name.upper())
${reset}`;

const rebuilt = (method: string): string => `
class Registry:
    def __init__(self):
        self.entries = []
    def add(self, entry):
        self.entries.append(entry)
    def ${method}(self):
        for entry in self.entries:
            entry()
        self.entries = []
`;

const guarded = (under: string, unguarded: string): string => `
import threading
class Client:
    def __init__(self):
        self._lock = threading.Lock()
        self.hook = None
    def run(self):
        with self._lock:
            ${under}
    def again(self):
        with self._lock:
            ${under}
    def set_hook(self, hook):
        with self._lock:
            self.hook = hook
    def use(self, hook):
        ${unguarded}
`;

const twins: readonly Twins[] = [
  {
    shape: "check-then-act",
    what: "a value that only a setter takes away",
    harmless: client(
      "    @property\n    def name(self):\n        return self._name\n    @name.setter\n    def name(self, value):\n        self._name = None if value == '' else value\n        self._name = None\n",
    ),
    harmful: `${client("    def close(self):\n        self._name = None\n")}shared = Client()\n`,
  },
  {
    shape: "check-then-act",
    what: "an assertion",
    harmless: client("    def close(self):\n        self._name = None\nshared = Client()\n").replace(
      "if self._name:\n            print",
      "assert self._name\n        print",
    ),
    harmful: client("    def close(self):\n        self._name = None\nshared = Client()\n"),
  },
  {
    shape: "check-then-act",
    what: "a list that is wrapped and never emptied",
    harmless: "rows = []\ndef f(n):\n    if n < len(rows):\n        return rows[n]\ndef g():\n    global rows\n    rows = [rows]\n",
    harmful: "rows = []\ndef f(n):\n    if n < len(rows):\n        return rows[n]\ndef g():\n    global rows\n    rows = []\n",
    expected: "none",
  },
  { shape: "replaced-after-read", what: "the end of the object", harmless: rebuilt("close"), harmful: rebuilt("flush") },
  {
    shape: "inconsistent-lockset",
    what: "a setting that every use reads once",
    harmless: guarded("print(self.hook)", "self.hook = hook"),
    harmful: guarded("self.hook = self.hook or print", "self.hook = hook"),
  },
  {
    shape: "check-then-act",
    what: "a cache of values from which nothing is taken",
    harmless: cache("if key in table:\n    return table[key]\ntable[key] = compute(key)\nreturn table[key]"),
    harmful: cache("if key in table:\n    raise ValueError(table[key])\ntable[key] = compute(key)"),
  },
  {
    shape: "check-then-act",
    what: "a cache that a call fills",
    harmless: `${cache("if key not in table:\n    load(key)\nreturn table.get(key)")}def load(key):\n    table[key] = compute(key)\n`,
    harmful: `${cache("if key not in table:\n    load(key)\nreturn table.get(key)")}def load(key):\n    table[key] = compute(key)\ndef g(key):\n    del table[key]\n`,
  },
  {
    shape: "check-then-act",
    what: "a question and an answer in two branches of one choice",
    harmless:
      "table = {}\ndef find(key):\n    return table[key]\ndef drop(key):\n    del table[key]\ndef f(kind, key):\n    if kind == 1:\n        x = find(key)\n    elif kind == 2:\n        x = drop(key)\n    return x\n",
    harmful:
      "table = {}\ndef find(key):\n    return table[key]\ndef drop(key):\n    del table[key]\ndef f(kind, key):\n    x = find(key)\n    if kind == 2:\n        x = drop(key)\n    return x\n",
    expected: "none",
  },
  {
    shape: "class-attribute-toggle",
    what: "a setting of another class that one function hands on",
    harmless:
      "class Store:\n    KEY = None\n    def use(self):\n        return self.KEY\nclass Pipeline:\n    @classmethod\n    def from_settings(cls, settings):\n        Store.KEY = settings['KEY']\n",
    harmful: "class Store:\n    KEY = None\n    def use(self):\n        return self.KEY\n    def borrow(self, key):\n        Store.KEY = key\n",
  },
  { shape: "flag-set-and-restored", what: "a thread that says that it is busy", harmless: worker("run"), harmful: worker("serve") },
  {
    shape: "shared-slot-nullification",
    what: "a field of a record with a number for a name",
    harmless: "rows = [[1, 2], [3, 4]]\nrow = [None, None]\ndef f():\n    row[1] = None\ndef g():\n    row[1] = compute()\ndef h():\n    return row[1]\n",
    harmful: "row = [None, None]\ndef f(n):\n    row[n] = None\ndef g(n):\n    row[n] = compute()\ndef h(n):\n    return row[n]\n",
  },
  {
    shape: "stop-flag-cleared",
    what: "a flag that a thread of somebody else watches",
    harmless: display("Refresher()"),
    harmful: display("Watcher(self)"),
    expected: "none",
  },
];

describe("harmless shapes", () => {
  it("a collection inside an object of one thread is that thread's", () => {
    const table =
      "class Table:\n    def __init__(self):\n        self.rows = {}\n    def __contains__(self, key):\n        return key in self.rows\n    def __getitem__(self, key):\n        return self.rows[key]\n    def __setitem__(self, key, row):\n        self.rows[key] = row\n    def __delitem__(self, key):\n        del self.rows[key]\n";
    const user = (name: string): string =>
      `${table}shared = Table()\nclass ${name}:\n    def __init__(self):\n        self.table = Table()\n    def f(self, key):\n        if key not in self.table:\n            self.table[key] = 1\n    def g(self, key):\n        del self.table[key]\n`;
    expect(confidenceIn(user("HttpRequest"), "check-then-act")).not.toBe("none");
    const { hazards } = auditSources([{ path: "m.py", bytes: new TextEncoder().encode(user("HttpRequest")) }]);
    expect(hazards.find(({ function: name }) => name === "HttpRequest.f")?.confidence).toBe("low");
    const shared = auditSources([{ path: "m.py", bytes: new TextEncoder().encode(`${user("Store")}store = Store()\n`) }]).hazards;
    expect(shared.find(({ function: name }) => name === "Store.f")?.confidence).not.toBe("low");
  });

  it("a key is the thread's own only if every branch makes it so", () => {
    const text = (other: string): string =>
      `import threading\ntable = {}\ndef f(a):\n    if a:\n        key = str(threading.get_ident())\n    else:\n        key = str(${other})\n    if key in table:\n        del table[key]\n`;
    expect(confidenceIn(text("a").replace("    else:\n        key = str(a)\n", ""), "check-then-act")).toBe("low");
    expect(confidenceIn(text("a"), "check-then-act")).toBe("high");
  });

  it("an object with asynchronous methods lives on an event loop", () => {
    const text = (kind: string): string =>
      `class Watch:\n    def __init__(self):\n        self.n = 0\n    ${kind} wait(self):\n        pass\n    def hold(self):\n        self.n += 1\n`;
    expect(confidenceIn(text("async def"), "non-atomic-update")).toBe("low");
    expect(confidenceIn(text("def"), "non-atomic-update")).toBe("medium");
  });

  it.each(twins)("$shape: $what", ({ shape, harmless, harmful, expected }) => {
    expect(confidenceIn(harmless, shape)).toBe(expected ?? "low");
    expect(["medium", "high"]).toContain(confidenceIn(harmful, shape));
  });

  it("nothing is put back when what was deleted is set anew", () => {
    const text = (value: string): string =>
      `import sys\ndef f(job):\n    before = sys.excepthook\n    del sys.excepthook\n    job()\n    sys.excepthook = ${value}\n`;
    expect(confidenceIn(text("before"), "interpreter-state")).toBe("high");
    expect(confidenceIn(text("job"), "interpreter-state")).not.toBe("high");
  });
});
