// Which functions run in threads, at moments of their own, or on an event loop; and what threads are given.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

describe("thread entries", () => {
  const { fn, program } = programOf(`
import asyncio, atexit, signal, threading, weakref
from functools import partial

class Job:
    def run_all(self): pass
    def one(self): pass
    def two(self): pass
    def three(self): pass
    def plain(self): pass

class Cargo:
    pass

class Box:
    pass

class Daemon(threading.Thread):
    def run(self): pass

def job(cargo): pass
def collected(reference): pass
def ended(): pass
def interrupted(number, frame): pass
def mapped(item): pass

def start(work: Job, pool):
    cargo = Cargo()
    threading.Thread(target=work.run_all).start()
    threading.Thread(target=lambda: work.one()).start()
    threading.Timer(3, partial(work.two, 1)).start()
    threading.Thread(target=job, args=(cargo,)).start()
    pool.submit(work.three, Box())
    pool.map(mapped, [1])
    weakref.ref(work, collected)
    atexit.register(ended)
    signal.signal(signal.SIGINT, interrupted)
    len(work.plain)
`);

  it.each([
    ["Job.run_all", "target of threading.Thread at m.py:29"],
    ["Job.one", "target of threading.Thread at m.py:30"],
    ["Job.two", "function of threading.Timer at m.py:31"],
    ["job", "target of threading.Thread at m.py:32"],
    ["Job.three", "task of pool.submit at m.py:33"],
    ["mapped", "task of pool.map at m.py:34"],
    ["collected", "callback of weakref.ref at m.py:35"],
    ["ended", "function of atexit.register at m.py:36"],
    ["interrupted", "handler of signal.signal at m.py:37"],
    ["Daemon.run", "run of a threading.Thread"],
    ["Job.plain", undefined],
    ["start", undefined],
  ])("%s: %s", (name, expected) => {
    expect(fn(name).threadEntry).toBe(expected);
  });

  it("share what they are given", () => {
    const reasons = (name: string): readonly string[] | undefined => program.classes.get(`m:${name}`)?.sharedBecause;
    expect(reasons("Cargo")).toEqual(["an instance is passed to another thread at m.py:32"]);
    expect(reasons("Box")).toEqual(["an instance is passed to another thread at m.py:33"]);
    expect(reasons("Job")).toContain("a thread is started on Job.run_all");
  });
});

describe("event loops", () => {
  it("run asynchronous functions and private ones that only those call", () => {
    const { fn } = programOf(`
import threading
class Pool:
    async def request(self):
        self._assign()
        self._both()
        self._started()
    def _assign(self):
        self._deeper()
    def _deeper(self): pass
    def _both(self): pass
    def _started(self): pass
    def close(self):
        self._both()
    def start(self):
        threading.Thread(target=self._started).start()
`);
    const names = ["request", "_assign", "_deeper", "_both", "_started", "close"];
    expect(names.filter((name) => fn(`Pool.${name}`).eventLoopOnly)).toEqual(["request", "_assign", "_deeper"]);
  });
});

describe("objects on an event loop", () => {
  const { fn, program } = programOf(`
import asyncio, threading
class Table:
    def put(self, key): self.rows = key
class Screen:
    def __init__(self):
        self.table = Table()
    async def run(self): pass
    async def draw(self): pass
    def resize(self): pass
class Popup(Screen):
    def open(self): pass
class Guarded:
    def __init__(self):
        self.lock = threading.Lock()
    async def run(self): pass
    async def draw(self): pass
    def resize(self):
        with self.lock: pass
class Breaker:
    def call(self): pass
    async def acall(self): pass
screen = Screen()
`);

  it("are those of classes with coroutines, and of what extends them, unless they expect threads", () => {
    const names = ["Screen.resize", "Popup.open", "Guarded.resize", "Breaker.call"];
    expect(names.filter((name) => fn(name).oneThread !== undefined)).toEqual(["Screen.resize", "Popup.open"]);
  });

  it("do not share with threads what they hold", () => {
    expect(program.classes.get("m:Screen")?.sharedBecause).toEqual(["module m keeps an instance in screen"]);
    expect(program.classes.get("m:Table")?.sharedBecause).toEqual([]);
  });
});

describe("one and the same thread", () => {
  const reasons = (sources: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      programOf(sources).program.functions.flatMap(({ qualifiedName, role, oneThread }) =>
        oneThread === undefined || role === "module" || role === "class-body" ? [] : [[qualifiedName, oneThread.split(" ").at(-1) as string]],
      ),
    );

  it("runs commands, what only they call, and the objects that only they make", () => {
    const command = `
import threading
from kit.work import Job, Tool, Runner, Kept
def main():
    _prepare()
    shared_too()
    Job().run()
    Tool()
    Kept()
    Runner()
def _prepare(): pass
def shared_too(): pass
`;
    const work = `
import threading
class Job:
    def run(self):
        Step().take()
class Step:
    def take(self): pass
class Tool:
    def use(self): pass
class Runner:
    def go(self):
        threading.Thread(target=self._loop).start()
    def _loop(self): pass
class Kept:
    def use(self): pass
def make():
    return Kept()
`;
    expect(reasons({ "kit/__init__.py": "from kit.work import Tool\n", "kit/command.py": command, "kit/work.py": work })).toEqual({
      main: "with",
      _prepare: "with",
      "Job.run": "with",
      "Step.take": "with",
    });
  });

  it("leaves a class alone that others extend and make", () => {
    const text =
      "class Base:\n    def go(self): pass\nclass Mine(Base): pass\nclass Theirs(Base): pass\ndef main():\n    Base()\n    Mine()\ndef make():\n    return Theirs()\n";
    expect(reasons({ "m.py": text })).toEqual({ main: "with" });
  });

  it("runs the modules of a command line, methods of commands and test cases, and what a package's other parts import", () => {
    const tests = "import unittest\nclass Checks(unittest.TestCase):\n    def test_it(self):\n        self._look()\n    def _look(self): pass\n";
    const cli = "from kit.app import App\ndef make_all():\n    build()\ndef build():\n    App().run()\n";
    const app = "class App:\n    def run(self): pass\n";
    const kit = "from kit.app import App\nclass TestApp(App): pass\n";
    expect(
      reasons({
        "kit/__init__.py": "",
        "kit/app.py": app,
        "kit/cli.py": cli,
        "kit/testing.py": kit,
        "kit/part/__init__.py": "from kit.app import App\n",
        "kit/checks.py": tests,
      }),
    ).toEqual({
      "App.run": "with",
      make_all: "with",
      build: "with",
      "Checks.test_it": "session",
      "Checks._look": "session",
    });
  });

  it("runs what is built on an engine with one thread, without what is started in others", () => {
    const plugin =
      "import threading\ndef pytest_configure(config): pass\nclass Session:\n    def collect(self): pass\ndef start():\n    threading.Thread(target=watch).start()\ndef watch():\n    _look()\ndef _look(): pass\n";
    expect(reasons({ "plug/hooks.py": plugin })).toEqual({ pytest_configure: "session", "Session.collect": "session", start: "session" });
  });

  it("runs a plugin's hooks, not the library around it", () => {
    const library = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`kit/${name}.py`, `def ${name}(): pass\n`]));
    expect(reasons({ ...library, "kit/plugin.py": "def pytest_configure(config): pass\n" })).toEqual({ pytest_configure: "session" });
  });
});

describe("work left to an event loop from other threads", () => {
  const { fn, program } = programOf(`
import asyncio, threading
class Buffer:
    def insert(self, text): self.text = text
class Parts:
    def put(self, text): self.text = text
class Application:
    def __init__(self, loop):
        self.loop = loop
        self.parts = Parts()
    async def run(self): pass
    async def draw(self): pass
    def redraw(self): pass
    def invalidate(self):
        self.loop.call_soon_threadsafe(self.redraw)
    def log(self, buffer: Buffer):
        self.loop.call_soon_threadsafe(buffer.insert, "text")
    def run_in_thread(self):
        def inside(): asyncio.run(self.run())
        threading.Thread(target=inside).start()
`);

  it("makes its own object one of two threads, and nobody else's", () => {
    expect(fn("Application.redraw").threadEntry).toContain("callback of self.loop.call_soon_threadsafe");
    expect(fn("Buffer.insert").threadEntry).toBeUndefined();
    expect(program.classes.get("m:Application")?.sharedBecause).toContain("other threads leave Application.redraw to the event loop");
    expect(program.classes.get("m:Buffer")?.sharedBecause).toEqual([]);
  });

  it("leaves what that object holds to the loop, as functions of its methods do that threads run", () => {
    expect(program.classes.get("m:Application")?.sharedBecause).toContain("a thread is started on Application.run_in_thread.inside");
    expect(program.classes.get("m:Parts")?.sharedBecause).toEqual([]);
  });
});
