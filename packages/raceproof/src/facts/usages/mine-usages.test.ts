// Tests, documents and docstrings as people write them; what must come out is what a driver needs.
import { describe, expect, it } from "vitest";
import type { Usage } from "../../vocabulary/index.ts";
import { mineUsages, type UsageFiles } from "./mine-usages.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function mined(files: Partial<Record<"modules" | "tests" | "documents", Readonly<Record<string, string>>>>, prefix = ""): Usage[] {
  const list = (texts: Readonly<Record<string, string>> = {}): UsageFiles["tests"] =>
    Object.entries(texts).map(([path, text]) => ({ path, bytes: bytes(text) }));
  return mineUsages({ modules: list(files.modules), tests: list(files.tests), documents: list(files.documents), prefix });
}

describe("tests", () => {
  it("are statements in order, with what each takes, leaves and uses", () => {
    const [usage] = mined({
      tests: {
        "tests/test_store.py":
          "from store import Store\n\ndef test_get():\n    '''doc'''\n    s = Store(2)\n    s['k'] = 1\n    assert s.get('k') == 1 and 'k' in s\n",
      },
    });
    expect(usage).toMatchObject({ name: "test_get", module: "tests.test_store", testCase: undefined, line: 3 });
    expect(usage?.moduleNames.has("Store")).toBe(true);
    expect(usage?.steps.map(({ text, stores }) => [text, stores])).toEqual([
      ["s = Store(2)", ["s"]],
      ["s['k'] = 1", []],
      ["assert s.get('k') == 1 and 'k' in s", []],
    ]);
    expect(usage?.steps[1]?.uses).toContain("__setitem__");
    expect(usage?.steps[2]?.uses).toEqual(expect.arrayContaining(["get", "__contains__", "__eq__"]));
  });

  it("know their case and keep the indentation inside a statement", () => {
    const [usage] = mined({
      tests: { "test_x.py": "class T(Case):\n    def test_a(self):\n        with self.f() as g:\n            g.run(\n                1)\n" },
    });
    expect(usage?.testCase).toEqual({ className: "T", method: "test_a", receiver: "self" });
    expect(usage?.steps[0]?.text).toBe("with self.f() as g:\n    g.run(\n        1)");
  });

  it("come once more with what they enter entered beforehand", () => {
    const body = "        with open_store() as s, other:\n            s.put(1)\n            s.get()\n        with raises(E):\n            s.fail()\n";
    const [whole, entered, ...others] = mined({ tests: { "test_x.py": `class T(Case):\n    def test_a(self):\n${body}` } });
    expect(others).toEqual([]);
    expect(whole?.steps).toHaveLength(2);
    expect(entered).toMatchObject({ name: "T.test_a", isEntered: true });
    expect(entered?.steps.map(({ text }) => text.replaceAll(/entered_\d+/g, "m"))).toEqual([
      "m = open_store()\ns = m.__enter__()",
      "m = other\nm.__enter__()",
      "s.put(1)",
      "s.get()",
      "with raises(E):\n    s.fail()",
    ]);
    expect(entered?.steps[0]?.stores).toEqual([expect.stringMatching(/^entered_\d+$/), "s"]);
  });

  it("get parameters from fixtures and from the first of their values", () => {
    const fixture = "import pytest\n@pytest.fixture\ndef root():\n    return 1\n@pytest.fixture()\ndef store(root):\n    yield Store(root)\n";
    const test = "import pytest\n@pytest.mark.parametrize('a, b', [(1, 'x'), (2, 'y')])\ndef test_a(store, a, b):\n    store.put(a, b)\n";
    const [usage] = mined({ tests: { "tests/conftest.py": fixture, "tests/test_a.py": test } });
    expect(usage?.parameters).toEqual([
      { name: "store", kind: "fixture", module: "tests.conftest", parameters: [{ name: "root", kind: "fixture", module: "tests.conftest", parameters: [] }] },
      { name: "a", kind: "value", text: "1" },
      { name: "b", kind: "value", text: "'x'" },
    ]);
  });

  it("are left out when a fixture is not known", () => {
    expect(mined({ tests: { "test_a.py": "def test_a(tmp_path):\n    use(tmp_path)\n" } })).toEqual([]);
  });

  it("do not use what a definition inside them would", () => {
    const [usage] = mined({ tests: { "test_a.py": "def test_a():\n    def run():\n        cache.clear()\n    start(run)\n" } });
    expect(usage?.steps[0]?.uses).toEqual([]);
    expect(usage?.steps[0]?.stores).toContain("run");
  });
});

describe("examples", () => {
  it("are found in fenced blocks, whose later parts use the imports of earlier ones", () => {
    const text = "# Use\n```python\nfrom store import Store\n```\nthen\n```python\ns = Store()\ns.put(1)\n```\n";
    const [usage, ...others] = mined({ documents: { "README.md": text } });
    expect(others).toEqual([]);
    expect(usage?.steps.map((step) => step.text)).toEqual(["from store import Store", "s = Store()", "s.put(1)"]);
    expect(usage?.steps[0]?.form).toBe("import");
  });

  it("are found in reStructuredText and after prompts", () => {
    const block = ".. code-block:: python\n\n    import store\n    store.run()\n\nText.\n";
    const prompts = "Example::\n\n    >>> import store\n    >>> for k in store.keys():\n    ...     print(k)\n    a\n    >>> store.clear()\n";
    expect(mined({ documents: { "a.rst": block } })[0]?.steps.map(({ text }) => text)).toEqual(["import store", "store.run()"]);
    expect(mined({ documents: { "b.rst": prompts } })[0]?.steps.map(({ text }) => text)).toEqual([
      "import store",
      "for k in store.keys():\n    print(k)",
      "store.clear()",
    ]);
  });

  it("of a docstring may use the names of its module", () => {
    const source = 'class Store:\n    """A store.\n\n    >>> s = Store()\n    >>> s.put(1)\n    """\n';
    const [usage] = mined({ modules: { "src/store.py": source } }, "src");
    expect(usage).toMatchObject({ module: "store", file: "src/store.py", line: 4 });
    expect(usage?.moduleNames.has("Store")).toBe(true);
  });

  it("that do not parse are left out", () => {
    expect(mined({ documents: { "README.md": "```python\nstore.put(... what you like)\n```\n" } })).toEqual([]);
  });
});
