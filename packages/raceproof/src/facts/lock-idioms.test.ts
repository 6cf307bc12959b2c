// Locks as libraries write them: passed in, optional, from containers, behind wrappers, decorators, context managers and overrides.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

const head = "import functools, multiprocessing, threading\nfrom contextlib import ExitStack, contextmanager, nullcontext\n";

/** Locksets of the accesses of `count` in a function, in order. */
const locksIn = (text: string, name: string): string[] =>
  programOf(head + text)
    .fn(name)
    .accesses.filter(({ location }) => location.path === "count")
    .map(({ lockset }) => lockset.join(" "));

const shop = (init: string, body: string, more = ""): string =>
  `class Shop:\n    def __init__(self, lock=None):\n        self.count = 0\n        ${init.replaceAll("\n", "\n        ")}\n    def act(self, key):\n        ${body.replaceAll("\n", "\n        ")}\n${more}`;

const add = "self.count += 1";
const withLock = `with self._lock:\n    ${add}`;

describe("where a lock comes from", () => {
  it.each([
    ["passed in, or its own", "self._lock = lock or threading.Lock()", withLock, "Shop._lock"],
    ["passed in, or its own, by if", "if lock is None:\n    lock = threading.RLock()\nself._lock = lock", withLock, "Shop._lock"],
    ["passed in, or its own, by conditional", "self._lock = threading.Lock() if lock is None else lock", withLock, "Shop._lock"],
    ["passed in and nothing else", "self._lock = lock", withLock, "Shop._lock"],
    ["under another name", "self._mutexed = lock or threading.Lock()", `with self._mutexed:\n    ${add}`, "Shop._mutexed"],
    ["or a context that does nothing", "self._guarded = threading.Lock() if lock else nullcontext()", `with self._guarded:\n    ${add}`, "Shop._guarded"],
    ["of another process's kind", "self._guarded = multiprocessing.Lock()", `with self._guarded:\n    ${add}`, "Shop._guarded"],
    ["of a table of locks", "self._locks = {}", `with self._locks[key]:\n    ${add}`, "Shop._locks[]"],
    ["of a table of locks, made on demand", "self._locks = {}", `with self._locks.setdefault(key, threading.Lock()):\n    ${add}`, "Shop._locks[]"],
    ["of a table under a name", "self._locks = {}", `lock = self._locks[key]\nwith lock:\n    ${add}`, "Shop._locks[]"],
    ["of the class", "pass", `with Shop.guard:\n    ${add}`, "Shop.guard"],
    ["of the class, through self", "pass", `with self.guard:\n    ${add}`, "Shop.guard"],
    ["a property", "self._lock = threading.Lock()", `with self.guarded:\n    ${add}`, "Shop._lock"],
    ["a condition", "self._ready = threading.Condition()", `with self._ready:\n    self._ready.wait()\n    ${add}`, "Shop._ready"],
    ["a semaphore of one", "self._one = threading.Semaphore()", `with self._one:\n    ${add}`, "Shop._one"],
    ["a semaphore of many", "self._many = threading.Semaphore(5)", `with self._many:\n    ${add}`, ""],
  ])("%s", (_what, init, body, expected) => {
    const more = "    guard = threading.Lock()\n    @property\n    def guarded(self):\n        return self._lock\n";
    expect(locksIn(shop(init, body, more), "Shop.act")).toEqual([expected]);
  });
});

describe("how a lock is taken", () => {
  const init = "self._lock = threading.Lock()\nself._other = threading.RLock()";
  it.each([
    ["with two", `with self._lock, self._other:\n    ${add}`, "Shop._lock Shop._other"],
    ["an exit stack", `with ExitStack() as stack:\n    stack.enter_context(self._lock)\n    ${add}`, "Shop._lock"],
    ["an exit stack, on some paths", `with ExitStack() as stack:\n    if key:\n        stack.enter_context(self._lock)\n    ${add}`, ""],
    ["acquire and finally release", `self._lock.acquire()\ntry:\n    ${add}\nfinally:\n    self._lock.release()`, "Shop._lock"],
    ["__enter__ and __exit__", `self._lock.__enter__()\ntry:\n    ${add}\nfinally:\n    self._lock.__exit__(None, None, None)`, "Shop._lock"],
    ["a method that acquires", `self.enter()\ntry:\n    ${add}\nfinally:\n    self.leave()`, "Shop._lock"],
    ["a method that acquires and releases", `self.whole()\n${add}`, ""],
    ["a context manager method", `with self.locked():\n    ${add}`, "Shop._lock"],
    ["a context manager method with acquire", `with self.acquired():\n    ${add}`, "Shop._lock"],
    ["a context manager method that holds it only sometimes", `with self.sometimes(key):\n    ${add}`, ""],
    ["a nested function", `def inner():\n    with self._lock:\n        ${add}\ninner()\nwith self._lock:\n    ${add}`, "Shop._lock"],
  ])("%s", (_what, body, expected) => {
    const more = `    def enter(self):
        self._lock.acquire()
    def leave(self):
        self._lock.release()
    def whole(self):
        self._lock.acquire()
        try:
            pass
        finally:
            self._lock.release()
    @contextmanager
    def locked(self):
        with self._lock:
            yield
    @contextmanager
    def acquired(self):
        self._lock.acquire()
        try:
            yield
        finally:
            self._lock.release()
    @contextmanager
    def sometimes(self, key):
        if key:
            with self._lock:
                yield
        else:
            yield
`;
    expect(locksIn(shop(init, body, more), "Shop.act")).toEqual([expected]);
  });

  it("a read-write lock by the names of its methods", () => {
    const lock = `
class RWLock:
    def __init__(self):
        self._cond = threading.Condition()
    @contextmanager
    def read(self):
        with self._cond:
            self.readers = 1
        yield
    @contextmanager
    def write(self):
        with self._cond:
            self.readers = 0
            yield
`;
    expect(locksIn(lock + shop("self._rw = RWLock()", `with self._rw.write():\n    ${add}`), "Shop.act")).toEqual(["RWLock._cond"]);
  });

  it("a lock that the program's own class wraps", () => {
    const wrapper = `
class Wrapped:
    def __init__(self):
        self._inner = threading.Lock()
    def __enter__(self):
        self._inner.acquire()
    def __exit__(self, *details):
        self._inner.release()
class Forwarding:
    def __init__(self):
        self._inner = threading.Lock()
    def __enter__(self):
        return self._inner.__enter__()
    def __exit__(self, *details):
        return self._inner.__exit__(*details)
`;
    expect(locksIn(wrapper + shop("self._w = Wrapped()", `with self._w:\n    ${add}`), "Shop.act")).toEqual(["Wrapped._inner"]);
    expect(locksIn(wrapper + shop("self._w = Forwarding()", `with self._w:\n    ${add}`), "Shop.act")).toEqual(["Forwarding._inner"]);
  });

  it("functions that share state and lock of a module", () => {
    const text =
      "count = 0\nlock = threading.Lock()\ndef add():\n    global count\n    with lock:\n        count += 1\ndef _inner():\n    global count\n    count += 1\ndef outer():\n    with lock:\n        _inner()\n";
    expect(locksIn(text, "add")).toEqual(["m.lock"]);
    expect(locksIn(text, "_inner")).toEqual(["m.lock"]);
  });
});

describe("decorators", () => {
  const init = "self._lock = threading.Lock()";
  const decorated = (decorator: string, line: string): string =>
    `${decorator}\nclass Shop:\n    def __init__(self):\n        self.count = 0\n        ${init}\n    ${line}\n    def act(self):\n        ${add}\n`;
  it.each([
    [
      "with functools.wraps",
      "def locked(method):\n    @functools.wraps(method)\n    def wrapper(self, *args, **more):\n        with self._lock:\n            return method(self, *args, **more)\n    return wrapper",
      "@locked",
      "Shop._lock",
    ],
    [
      "with acquire",
      "def locked(method):\n    def wrapper(self, *args):\n        self._lock.acquire()\n        try:\n            return method(self, *args)\n        finally:\n            self._lock.release()\n    return wrapper",
      "@locked",
      "Shop._lock",
    ],
    [
      "that get the lock",
      "guard = threading.Lock()\ndef locked(lock):\n    def decorate(method):\n        def wrapper(*args):\n            with lock:\n                return method(*args)\n        return wrapper\n    return decorate",
      "@locked(guard)",
      "m.guard",
    ],
    [
      "that get the lock's name",
      "def locked(name):\n    def decorate(method):\n        def wrapper(self, *args):\n            with getattr(self, name):\n                return method(self, *args)\n        return wrapper\n    return decorate",
      '@locked("_lock")',
      "Shop._lock",
    ],
    [
      "that are factories",
      "def locked(log=False):\n    def decorate(method):\n        def wrapper(self, *args):\n            with self._lock:\n                return method(self, *args)\n        return wrapper\n    return decorate",
      "@locked(log=True)",
      "Shop._lock",
    ],
    [
      "that call first",
      "def logged(method):\n    def wrapper(self, *args):\n        result = method(self, *args)\n        with self._lock:\n            return result\n    return wrapper",
      "@logged",
      "",
    ],
  ])("%s", (_what, decorator, line, expected) => {
    expect(locksIn(decorated(decorator, line), "Shop.act")).toEqual([expected]);
  });
});

describe("overrides", () => {
  const base = (hook: string): string =>
    `class Base:\n    def __init__(self):\n        self._lock = threading.Lock()\n        self.count = 0\n    def act(self):\n        with self._lock:\n            self.${hook}()\n    def ${hook}(self):\n        pass\n`;

  it("a private override holds what the callers of the base's method hold", () => {
    const text = `${base("_hook")}class Derived(Base):\n    def _hook(self):\n        ${add}\n`;
    expect(locksIn(text, "Derived._hook")).toEqual(["Base._lock"]);
  });

  it("not when the subclass calls it without the lock", () => {
    const text = `${base("_hook")}class Derived(Base):\n    def _hook(self):\n        ${add}\n    def other(self):\n        self._hook()\n`;
    expect(locksIn(text, "Derived._hook")).toEqual([""]);
  });

  it("a public override may be called by users", () => {
    const text = `${base("hook")}class Derived(Base):\n    def hook(self):\n        ${add}\n`;
    expect(locksIn(text, "Derived.hook")).toEqual([""]);
  });

  it("an abstract base counts too", () => {
    const text = `${base("_hook").replace("        pass\n", "        raise NotImplementedError\n")}class Derived(Base):\n    def _hook(self):\n        ${add}\n`;
    expect(locksIn(text, "Derived._hook")).toEqual(["Base._lock"]);
  });

  it("construction reaches overrides", () => {
    const text = `class Base:\n    def __init__(self):\n        self._prepare()\n    def _prepare(self):\n        pass\nclass Derived(Base):\n    def _prepare(self):\n        self.count = 0\n        ${add}\n`;
    expect(programOf(text).fn("Derived._prepare").phase).toBe("construction");
  });

  it("super().__init__ of a subclass constructs as well", () => {
    const text = `class Base:\n    def _prepare(self):\n        self.count = 0\nclass Derived(Base):\n    def __init__(self):\n        super()._prepare()\n`;
    expect(programOf(text).fn("Base._prepare").phase).toBe("construction");
  });
});
