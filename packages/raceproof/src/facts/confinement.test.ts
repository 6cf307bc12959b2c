// Which classes hold the state of one user's work, and what speaks against that.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

describe("confined classes", () => {
  const parser = `
class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0
        self.line = 0
        self.token = None
        self.depth = 0
        self.reader = Reader()
    def next(self):
        self.at += 1
        self.token = self.text[self.at]
        self.depth = 0
    def feed(self, x):
        self.line += 1
        self.token = None
        self.depth = x

class Reader:
    def __init__(self):
        self.left = 3
    def take(self):
        self.left -= 1
`;
  const confined = (text: string, name: string): string | undefined => programOf(text).program.classes.get(`m:${name}`)?.confinedBecause;

  it.each([
    ["changes most of its attributes", parser, "Parser", "changes 4 of its 6 attributes"],
    ["is only a part of such an object", parser, "Reader", "only a part of Parser"],
    ["is a part of something else too", `${parser}kept = []\ndef f():\n    kept.append(Reader())\n`, "Reader", undefined],
    [
      "changes little",
      "class Pool:\n    def __init__(self):\n        self.n = 0\n        self.a = 1\n    def get(self):\n        self.n += 1\n",
      "Pool",
      undefined,
    ],
    [
      "is created and dropped",
      "class C:\n    def go(self):\n        self.n += 1\ndef f():\n    c = C()\n    c.go()\n    print(c)\n",
      "C",
      "created, used and dropped",
    ],
    ["is returned", "class C:\n    def go(self):\n        self.n += 1\ndef f():\n    c = C()\n    c.go()\n    return c\n", "C", undefined],
    ["is passed to what drops it", "class C:\n    def go(self):\n        self.n += 1\ndef g(c):\n    c.go()\ndef f():\n    g(C())\n", "C", "dropped"],
    [
      "is passed to what passes it to what keeps it",
      "kept = []\nclass C:\n    def go(self):\n        self.n += 1\ndef h(c):\n    kept.append(c)\ndef g(c):\n    h(x=1, c=c)\ndef f():\n    g(C())\n",
      "C",
      undefined,
    ],
    ["gives a bound method away", "class C:\n    def go(self):\n        self.n += 1\ndef f(pool):\n    c = C()\n    pool.later(c.go)\n", "C", undefined],
    [
      "hands out wrappers of callers' functions",
      `${parser.replace("class Parser", "class Retry").replace("    def feed", "    def wraps(self, f):\n        def wrapped(*a):\n            return self.feed(f(*a))\n        return wrapped\n    def feed")}`,
      "Retry",
      undefined,
    ],
    [
      "registers a method of its own",
      parser.replace("    def feed", "    def listen(self, bus):\n        bus.subscribe(self.next)\n    def feed").replaceAll("Parser", "Meter"),
      "Meter",
      undefined,
    ],
    [
      "refuses other threads",
      "import threading\nclass C:\n    def check(self):\n        if threading.get_ident() != self.made_by: raise ValueError\n",
      "C",
      "refuses threads",
    ],
    [
      "is a store, though a part of such an object",
      `${parser}class Store:\n    def __init__(self):\n        self.d = {}\n    def put(self, k, v):\n        self.d[k] = v\n    def take(self, k):\n        return self.d.pop(k)\nclass More(Parser):\n    def __init__(self):\n        self.store = Store()\n`,
      "Store",
      undefined,
    ],
    ["has a role of one user", "class QuerySet:\n    pass\n", "QuerySet", "describes one question to a database"],
    ["is captured", "class C:\n    def go(self):\n        self.n += 1\ndef f():\n    c = C()\n    def g():\n        c.go()\n    return g\n", "C", undefined],
    ["walks trees", `class V:\n${["a", "b", "c", "d", "e"].map((kind) => `    def visit_${kind}(self, node): pass\n`).join("")}`, "V", "is a visitor"],
    ["extends a base for one user", "import html.parser\nclass P(html.parser.HTMLParser): pass\n", "P", "is a parser"],
    ["is documented so", 'class C:\n    """A cache.\n\n    It is not thread-safe."""\n', "C", "documented not to be thread-safe"],
  ])("%s", (_what, text, name, expected) => {
    expect(confined(text, name) ?? "nothing").toContain(expected ?? "nothing");
  });

  it("documentation can speak for sharing", () => {
    const text = 'class C:\n    """This class is thread-safe."""\n';
    expect(programOf(text).program.classes.get("m:C")).toMatchObject({
      confinedBecause: undefined,
      sharedBecause: ["the documentation of C speaks of several threads"],
    });
  });

  it("what only the main guard keeps is not shared", () => {
    expect(programOf('class C: pass\nif __name__ == "__main__":\n    c = C()\n').program.classes.get("m:C")?.sharedBecause).toEqual([]);
  });
});
