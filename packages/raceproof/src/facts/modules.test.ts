// Several files of one program: imports in all their forms, and what stays outside.
import { describe, expect, it } from "vitest";
import { probe } from "./fixtures/sample-program.ts";
import { absoluteImport, moduleNameOf } from "./declarations/module-names.ts";

describe("module names", () => {
  it.each([
    ["pkg/sub/mod.py", "pkg.sub.mod"],
    ["pkg/__init__.py", "pkg"],
    ["mod.py", "mod"],
  ])("%s is %s", (path, name) => {
    expect(moduleNameOf(path)).toBe(name);
  });

  it.each([
    ["pkg.mod", false, 0, "os", "os"],
    ["pkg.mod", false, 1, "other", "pkg.other"],
    ["pkg.mod", false, 1, "", "pkg"],
    ["pkg.sub.mod", false, 2, "other", "pkg.other"],
    ["pkg", true, 1, "mod", "pkg.mod"],
    ["pkg", true, 2, "mod", "mod"],
    ["mod", false, 3, "other", "other"],
  ])("import from %s (package: %s), level %i of %s is %s", (...[name, isPackage, level, module, expected]) => {
    expect(absoluteImport({ name, isPackage }, level, module)).toBe(expected);
  });
});

const library = {
  "pkg/__init__.py": "from .state import shared, Box as PublicBox\nfrom .everything import *\n",
  "pkg/state.py": "class Box:\n    def __init__(self):\n        self.content = []\n\nshared = Box()\n_private = {}\n",
  "pkg/everything.py": "table = {}\nfrom .deeper import *\n",
  "pkg/deeper.py": "deep = []\n",
};

describe("imports", () => {
  it.each([
    ["import pkg.state\nprobe(pkg.state.shared)", "Box at state.shared"],
    ["import pkg.state as s\nprobe(s.shared.content)", "list at Box.content"],
    ["from pkg import state\nprobe(state)", "module pkg.state"],
    ["from pkg.state import shared as mine\nprobe(mine)", "Box at state.shared"],
    ["from pkg import shared\nprobe(shared)", "Box at state.shared"],
    ["from pkg import PublicBox\nprobe(PublicBox)", "class Box"],
    ["from pkg import table\nprobe(table)", "dict at everything.table"],
    ["from pkg import deep\nprobe(deep)", "list at deeper.deep"],
    ["from pkg import *\nprobe(deep)", "list at deeper.deep"],
    ["import os.path\nprobe(os.path.join)", "<os.path.join>"],
    ["from os import path as p\nprobe(p.join)", "<os.path.join>"],
    ["from pkg import nothing\nprobe(nothing)", "<pkg.nothing>"],
    ["import pkg\nprobe(pkg.state._private)", "dict at state._private"],
  ])("%s gives %s", (user, expected) => {
    expect(probe({ ...library, "user.py": `${user}\n` })).toEqual([expected]);
  });

  it("inside functions, relative, and under TYPE_CHECKING", () => {
    const user = `
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from .state import Box

def look(box: "Box"):
    from .state import shared
    probe(shared)
    probe(box.content)
`;
    expect(probe({ ...library, "pkg/user.py": user })).toEqual(["Box at state.shared", "list at Box.content"]);
  });

  it("in a circle end", () => {
    const files = { "a.py": "from b import *\nfrom b import x\nprobe(x)\n", "b.py": "from a import *\nfrom a import x\n" };
    expect(probe(files)).toEqual(["unknown"]);
  });
});
