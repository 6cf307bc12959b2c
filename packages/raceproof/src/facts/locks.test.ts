// Which locks are held where: with, acquire and release, decorators, context managers, callers; and what is no lock.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

const subject = (body: string): string => `
import threading
from contextlib import contextmanager

module_lock = threading.Lock()

class Guard:
    def acquire(self): pass
    def release(self): pass
    def __enter__(self): pass
    def __exit__(self, *details): pass

class Base:
    def __init__(self, given, mutex):
        self._lock = threading.Lock()
        self._other = threading.RLock()
        self._ready = threading.Condition(self._lock)
        self._guard = Guard()
        self.given_lock = given
        self.data = given
        self.count = 0

    @contextmanager
    def locked(self):
        with self._lock:
            yield

class Shop(Base):
    def act(self, key):
        ${body.replaceAll("\n", "\n        ")}
`;

/** Locksets of the accesses of `count`, in order. */
const locksOf = (body: string): string[] =>
  programOf(subject(body))
    .fn("Shop.act")
    .accesses.filter(({ location }) => location.path === "count")
    .map(({ lockset }) => lockset.join(" "));

describe("with", () => {
  it.each([
    ["with self._lock:\n    self.count += 1\nself.count += 1", ["Base._lock", ""]],
    ["with self._lock, self._other:\n    self.count += 1", ["Base._lock Base._other"]],
    ["with self._lock:\n    with self._other:\n        self.count += 1\n    self.count += 1", ["Base._lock Base._other", "Base._lock"]],
    ["lock = self._lock\nwith lock:\n    self.count += 1", ["Base._lock"]],
    ["with module_lock:\n    self.count += 1", ["m.module_lock"]],
    ["with self._ready:\n    self.count += 1", ["Base._lock"]],
    ["with self._guard:\n    self.count += 1", ["Base._guard"]],
    ["with self.given_lock:\n    self.count += 1", ["Base.given_lock"]],
    ["with self.locked():\n    self.count += 1", ["Base._lock"]],
    ["with self.lock_for(key):\n    self.count += 1", ["self.lock_for(key)"]],
    ["with self.block():\n    self.count += 1", [""]],
    ["with self.mylock:\n    self.count += 1", ["Base.mylock"]],
    ["with self.dataLock:\n    self.count += 1", ["Base.dataLock"]],
    ["with self.data:\n    self.count += 1", [""]],
    ["with open(key) as f:\n    self.count += 1", [""]],
    ["with threading.Lock():\n    self.count += 1", [""]],
    ["lock = threading.Lock()\nwith lock:\n    self.count += 1", [""]],
    ["with self._lock:\n    f = lambda: self.count", ["Base._lock"]],
  ])("%s", (body, expected) => {
    expect(locksOf(body)).toEqual(expected);
  });
});

describe("acquire and release", () => {
  it.each([
    ["self._lock.acquire()\ntry:\n    self.count += 1\nfinally:\n    self._lock.release()\nself.count += 1", ["Base._lock", ""]],
    ["try:\n    self._lock.acquire()\n    self.count += 1\nfinally:\n    self._lock.release()\nself.count += 1", ["Base._lock", ""]],
    ["self._lock.acquire()\nself.count += 1\nself._lock.release()\nself.count += 1", ["Base._lock", ""]],
    ["self._lock.acquire()\nif key:\n    self.count += 1\nself._lock.release()", ["Base._lock"]],
    ["if key:\n    self._lock.acquire()\nself.count += 1", [""]],
    ["if self._lock.acquire(timeout=1):\n    self.count += 1\nself.count += 1", ["Base._lock", ""]],
    ["if not self._lock.acquire(blocking=False):\n    return\nself.count += 1", ["Base._lock"]],
    ["with self._lock:\n    self._lock.release()\n    self.count += 1\n    self._lock.acquire()\n    self.count += 1", ["", "Base._lock"]],
    ["self.data.acquire()\nself.count += 1", [""]],
  ])("%s", (body, expected) => {
    expect(locksOf(body)).toEqual(expected);
  });
});

describe("locks held by others", () => {
  it("a decorator's lock is the decorated method's own", () => {
    const { accesses } = programOf(`
import threading

def synchronized(method):
    def wrapper(self, *args):
        with self._lock:
            return method(self, *args)
    return wrapper

def logged(method):
    def wrapper(self, *args):
        print(method)
        return method(self, *args)
    return wrapper

class Base:
    def __init__(self):
        self._lock = threading.Lock()

class Shop(Base):
    @synchronized
    def safe(self):
        self.count += 1

    @logged
    def unsafe(self):
        self.count += 1
`);
    expect(accesses("Shop.safe")).toEqual(["update += Shop.count [Base._lock]"]);
    expect(accesses("Shop.unsafe")).toEqual(["update += Shop.count"]);
  });

  it("a private function holds what all its callers hold, a public one nothing", () => {
    const { accesses, fn } = programOf(`
import threading

class Shop:
    def __init__(self):
        self._lock = threading.Lock()
        self._other = threading.Lock()

    def a(self):
        with self._lock, self._other:
            self._both()
            self._deep()
            self.public()

    def b(self):
        with self._lock:
            self._both()
            self._deep()
        self._sometimes()

    def c(self):
        with self._lock:
            self._sometimes()

    def _both(self):
        self.x = 1

    def _deep(self):
        self._deeper()

    def _deeper(self):
        self.x = 2
        self._deep()

    def _sometimes(self):
        self.x = 3

    def _uncalled(self):
        self.x = 4

    def public(self):
        self.x = 5
`);
    expect(accesses("Shop._both")).toEqual(["write = Shop.x [Shop._lock]"]);
    expect(accesses("Shop._deeper")).toEqual(["write = Shop.x [Shop._lock]"]);
    expect(accesses("Shop._sometimes")).toEqual(["write = Shop.x"]);
    expect(accesses("Shop._uncalled")).toEqual(["write = Shop.x"]);
    expect(accesses("Shop.public")).toEqual(["write = Shop.x"]);
    expect(fn("Shop._both").entryLockset).toEqual(["Shop._lock"]);
  });

  it("__enter__ that acquires lends its lock to the with statement", () => {
    const { accesses } = programOf(`
import threading

class Shop:
    def __init__(self):
        self._lock = threading.Lock()
        self.count = 0

    def __enter__(self):
        self._lock.acquire()
        return self

    def __exit__(self, *details):
        self._lock.release()

    def add(self):
        with self:
            self.count += 1
`);
    expect(accesses("Shop.add")).toContain("update += Shop.count [Shop._lock]");
  });

  it("a base class of the standard library calls its hooks under its own lock", () => {
    const { accesses } = programOf(`
import logging, queue

class Once(queue.Queue):
    def _put(self, item):
        self.last = item
    def other(self, item):
        with self.mutex:
            self.last = item

class Collector(logging.Handler):
    def emit(self, record):
        self.seen = record
    def flush(self):
        self.seen = None
`);
    expect(accesses("Once._put")).toEqual(["write = Once.last [Once.mutex]"]);
    expect(accesses("Once.other")).toContain("write = Once.last [Once.mutex]");
    expect(accesses("Collector.emit")).toEqual(["write = Collector.seen [Collector.lock]"]);
    expect(accesses("Collector.flush")).toEqual(["write = Collector.seen"]);
  });

  it("are counted as spans", () => {
    expect(programOf(subject("with self._lock:\n    pass\nself._other.acquire()\nself._other.release()")).counts.lockSpans).toBe(3);
  });
});
