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
