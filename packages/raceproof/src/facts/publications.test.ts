// Where objects become visible to others: stored, given to a thread, registered, passed on; and what is no publication.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

const subject = (body: string, signature = "run(self, other)"): string => `
import atexit, threading
from concurrent.futures import ThreadPoolExecutor

table = {}
pool = ThreadPoolExecutor()

class Part:
    def __init__(self, whole=None):
        self.whole = whole

class Registered:
    def __init__(self):
        table["last"] = self

class Worker(threading.Thread):
    def __init__(self, ready):
        ready.set()
        self.start()

class Eager(threading.Thread):
    def __init__(self, part):
        self.part = part
        self.start()

class Calm(threading.Thread):
    def __init__(self, part):
        self.part = part

class Shop:
    def __init__(self):
        self.parts = []
    def keep(self, part):
        self.parts.append(part)
    def keep_later(self, number, *, part):
        self.keep(part)
    def make(self):
        made = Part()
        self.keep(made)
        return made
    def look(self, part):
        return len(self.parts)
    def ${signature}:
        ${body.replaceAll("\n", "\n        ")}
`;

function publicationsIn(name: string, source: string): string[] {
  return programOf(source)
    .fn(name)
    .publications.map(({ name: object, how, into, span }) => `${object} ${how}${into ? ` ${into.display}` : ""}${span.line > 0 ? "" : "?"}`);
}

describe("publications of objects a function makes", () => {
  it.each([
    ["p = Part()\nself.last = p", ["p stored Shop.last"]],
    ["p = Part()\ntable['p'] = p", ["p stored m.table"]],
    ["p = Part()\ntable['p'] = (1, p)", ["p stored m.table"]],
    ["p = Part()\nself.parts.append(p)", ["p stored Shop.parts"]],
    ["p = Part()\nself.keep(p)", ["p passed Shop.parts"]],
    ["p = Part()\nself.keep_later(1, part=p)", ["p passed Shop.parts"]],
    ["p = self.make()\np.x = 1", ["p passed Shop.parts"]],
    ["p = Part()\nthreading.Thread(target=print, args=(p,)).start()", ["p thread"]],
    ["p = Part()\nt = threading.Thread(target=print, args=(p,))\nt.start()", ["p thread"]],
    ["p = Part()\npool.submit(print, p)", ["p thread"]],
    ["p = Part()\nEager(p)", ["p thread"]],
    ["p = Part()\nself.t = Calm(p)\nself.t.start()", ["p thread"]],
    ["p = Part()\natexit.register(print, p)", ["p registered"]],
    ["p = Part()\nother.connect(p)", ["p registered"]],
    ["p: Part = Part()\nself.keep(p)", ["p passed Shop.parts"]],
  ])("%j", (body, expected) => {
    expect(publicationsIn("Shop.run", subject(body))).toEqual(expected);
  });

  it.each([
    "p = Part()\nq = Part(p)\nq.whole = p",
    "p = Part()\nself.look(p)",
    "p = Part()\nt = threading.Thread(target=print, args=(p,))",
    "p = Part()\nt = Calm(p)",
    "p = Part()\nlocal = [p]\nprint(p)",
    "n = 1\nself.parts.append(n)",
  ])("none in %j", (body) => {
    expect(publicationsIn("Shop.run", subject(body))).toEqual([]);
  });
});

it("parameters are published by the functions that store them", () => {
  expect(publicationsIn("Shop.keep_later", subject("pass"))).toEqual(["part passed Shop.parts"]);
});

it("the object under construction", () => {
  expect(publicationsIn("Registered.__init__", subject("pass"))).toEqual(["self stored m.table"]);
  expect(publicationsIn("Worker.__init__", subject("pass"))).toEqual(["self thread"]);
  expect(publicationsIn("Part.__init__", subject("pass"))).toEqual([]);
});
