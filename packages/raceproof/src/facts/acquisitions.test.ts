// Where locks are taken: which lock, how far, whose, whether it can be taken again, and whether every way out gives it back.
import { describe, expect, it } from "vitest";
import type { AcquisitionFact } from "../vocabulary/index.ts";
import { programOf } from "./fixtures/sample-program.ts";

const subject = (body: string): string => `
import threading
from contextlib import contextmanager

module_lock = threading.RLock()

class Shop:
    _class_lock = threading.Lock()

    def __init__(self, given):
        self._lock = threading.Lock()
        self._again = threading.RLock()
        self._ready = threading.Condition(self._lock)
        self._own = threading.Condition()
        self._two = threading.Semaphore(2)
        self._one = threading.BoundedSemaphore()
        self.given_lock = given

    @contextmanager
    def locked(self):
        with self._lock:
            yield

    def act(self, key):
        ${body.replaceAll("\n", "\n        ")}
`;

const acquisitionsOf = (body: string): readonly AcquisitionFact[] => programOf(subject(body)).fn("Shop.act").acquisitions;

describe("with statements", () => {
  it.each([
    ["with self._lock:\n    pass", "Shop._lock no instance"],
    ["with self._again:\n    pass", "Shop._again yes instance"],
    ["with self._ready:\n    pass", "Shop._lock no instance"],
    ["with self._own:\n    pass", "Shop._own yes instance"],
    ["with self._one:\n    pass", "Shop._one no instance"],
    ["with self.given_lock:\n    pass", "Shop.given_lock unknown instance"],
    ["with self._class_lock:\n    pass", "Shop._class_lock no class"],
    ["with module_lock:\n    pass", "m.module_lock yes module"],
    ["with self.locked():\n    pass", "Shop._lock unknown unknown"],
    ["with threading.Lock():\n    pass", "threading.Lock() no call"],
    ["lock = threading.RLock()\nwith lock:\n    pass", "lock yes call"],
    ["lock = threading.Lock()\nstart(lock)\nwith lock:\n    pass", "Shop.act.lock no unknown"],
    ["lock = self._lock\nwith lock:\n    pass", "Shop._lock no instance"],
  ])("%s", (body, expected) => {
    expect(acquisitionsOf(body).map(({ lock, reentrant, ownerKind }) => `${lock} ${reentrant} ${ownerKind}`)).toEqual([expected]);
  });

  it("hold until their end, the next item under the one before", () => {
    const [first, second] = acquisitionsOf("with self._lock, self._again:\n    pass");
    expect([first?.held, second?.held]).toEqual([[], ["Shop._lock"]]);
    expect(first).toMatchObject({ how: "with", blocks: true, released: "always" });
    expect((first?.until ?? 0) - (first?.order ?? 0)).toBeGreaterThan("self._lock, self._again:".length);
  });

  it("that wait for tasks are not listed", () => {
    expect(programOf("import asyncio\nlock = asyncio.Lock()\nasync def f():\n    async with lock:\n        pass\n").fn("f").acquisitions).toEqual([]);
  });
});

describe("calls of acquire", () => {
  it.each([
    ["self._lock.acquire()\ntry:\n    key()\nfinally:\n    self._lock.release()", "always"],
    ["try:\n    self._lock.acquire()\n    key()\nfinally:\n    self._lock.release()", "always"],
    ["self._lock.acquire()\nself.n = 1\nself._lock.release()", "always"],
    ["self._lock.acquire()\ntry:\n    key()\nexcept:\n    self._lock.release()\n    raise\nself._lock.release()", "always"],
    ["self._lock.acquire()\nkey()\nself._lock.release()", "unless-raised"],
    ["self._lock.acquire()\nif key:\n    return\nself._lock.release()", "some-paths"],
    ["self._lock.acquire()\nif key:\n    self._lock.release()\n    return 1\nself._lock.release()", "always"],
    ["self._lock.acquire()\nif key:\n    self._lock.release()", "some-paths"],
    ["self._lock.acquire()\nif key:\n    raise ValueError\nself._lock.release()", "some-paths"],
    ["self._lock.acquire()", "not-here"],
    ["self._lock.acquire()\nkey.callback(self._lock.release)", "always"],
    ["if self._lock.acquire(False):\n    try:\n        key()\n    finally:\n        self._lock.release()", "always"],
    ["if not self._lock.acquire(timeout=1):\n    return\ntry:\n    key()\nfinally:\n    self._lock.release()", "always"],
    ["got = self._lock.acquire(False)\nkey.n = 1\nif got:\n    self._lock.release()", "always"],
    ["if key:\n    self._lock.acquire()\nself.n = 1\nif key:\n    self._lock.release()", "always"],
    ["while True:\n    self._lock.acquire()\n    if key:\n        break\n    self._lock.release()", "some-paths"],
    ["ok = self._lock.acquire(timeout=5)\nif not ok:\n    raise ValueError\ntry:\n    key()\nfinally:\n    self._lock.release()", "always"],
    ["while True:\n    self._lock.acquire()\n    try:\n        if key:\n            break\n    finally:\n        self._lock.release()", "always"],
    ["for k in key:\n    self._lock.acquire()\n    if k:\n        self._lock.release()\n        continue\n    self._lock.release()", "always"],
    ["for k in key:\n    self._lock.acquire()\n    self.n = k\n    self._lock.release()", "always"],
    ["self._lock.acquire()\nwhile key:\n    self.n = 1\nself._lock.release()", "always"],
    ["self._lock.acquire()\nmatch key:\n    case 1:\n        return 1\nself._lock.release()", "some-paths"],
  ])("%s", (body, expected) => {
    expect(acquisitionsOf(body).map(({ released }) => released)).toEqual([expected]);
  });

  it.each([
    ["self._lock.acquire()", true],
    ["self._lock.acquire(True)", true],
    ["if self._lock.acquire():\n    pass", true],
    ["self._lock.acquire(False)", false],
    ["self._lock.acquire(blocking=False)", false],
    ["self._lock.acquire(timeout=key)", false],
  ])("%s waits for ever: %s", (body, expected) => {
    expect(acquisitionsOf(body).map(({ blocks }) => blocks)).toEqual([expected]);
  });

  it("of what is no lock, or lets several in, are none", () => {
    expect(acquisitionsOf("with self._two:\n    pass")).toEqual([]);
    expect(acquisitionsOf("key.acquire()")).toEqual([]);
  });

  it("hold until the release of their own block", () => {
    const text = "self._lock.acquire()\nself.n = 1\nself._lock.release()\nself.m = 1\nself._lock.acquire()\nself.n = 2\nself._lock.release()";
    const source = subject(text);
    expect(acquisitionsOf(text).map(({ order, until }) => source.slice(order, until).includes("self.m"))).toEqual([false, false]);
  });
});

describe("inside a span", () => {
  it("yield and await are noted, outside they are not", () => {
    const { fn } = programOf("import threading\nlock = threading.Lock()\ndef f():\n    yield 1\n    with lock:\n        yield 2\n");
    expect(fn("f").suspensions.map(({ how, lockset, span }) => `${how} ${lockset.join()} ${span.line}`)).toEqual(["yield m.lock 6"]);
  });
});

describe("locks that callers hold", () => {
  it("count where constructors and the module's body call without them", () => {
    const { fn } = programOf(
      "import threading\nclass C:\n    def __init__(self):\n        self._lock = threading.Lock()\n        self._fill()\n    def f(self):\n        with self._lock:\n            self._fill()\n    def _fill(self):\n        with self._lock:\n            self.x = 1\n",
    );
    expect(fn("C._fill").entryLockset).toEqual(["C._lock"]);
    expect(fn("C._fill").acquisitions.map(({ held }) => held)).toEqual([["C._lock"]]);
  });

  it("of a local lock are known to nested functions", () => {
    const { program } = programOf(
      "import threading\nclass C:\n    def f(self):\n        lock = threading.Lock()\n        def work():\n            with lock:\n                self.n += 1\n        return work\n",
    );
    const update = program.functions.flatMap(({ accesses }) => accesses).find(({ kind }) => kind === "update");
    expect(update?.lockset).toEqual(["C.f.lock"]);
  });
});

describe("arguments", () => {
  it("that are functions of the program are named", () => {
    const { program, fn } = programOf(
      "import threading\ndef work():\n    pass\ndef start(other):\n    threading.Thread(target=work, args=(1,))\n    other(start, 1)\n",
    );
    expect(fn("start").calls.flatMap(({ passes }) => passes.map((id) => program.functions[id]?.qualifiedName))).toEqual(["work", "start"]);
  });
});
