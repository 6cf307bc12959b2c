// Cython beside Python: what is read of which file, and what is believed where.
import { describe, expect, it } from "vitest";
import { auditSources } from "./audit.ts";
import type { SourceFile } from "./audit.ts";

const encoder = new TextEncoder();

function found(files: Readonly<Record<string, string>>): string[] {
  const sources = Object.entries(files).map(([path, text]): SourceFile => ({
    path,
    bytes: encoder.encode(text),
    ...(path.endsWith(".build") ? { role: "build" as const } : {}),
  }));
  return auditSources(sources).hazards.map(
    ({ span, function: name, language, confidence, reach }) => `${span.file}:${span.line} ${name} ${language} ${confidence} ${reach}`,
  );
}

const declaring = "cdef class Box:\n    cdef object item\n    cdef object other\n";
const storing = "    def put(self, item):\n        self.item = item\n\n    def get(self):\n        return self.item\n";

describe("a program that is partly Cython", () => {
  it("finds what a file declares itself", () => {
    expect(found({ "box.pyx": declaring + storing })).toEqual(["box.pyx:5 Box.put cython medium latent"]);
  });

  it("finds what a .pxd declares, for Cython and for Python that is compiled with it", () => {
    const expected = (file: string): string[] => [`${file}:3 Box.put cython medium latent`];
    expect(found({ "p/box.pxd": declaring, "p/box.pyx": `cdef class Box:\n${storing}` })).toEqual(expected("p/box.pyx"));
    expect(found({ "p/box.pxd": declaring, "p/box.py": `class Box:\n${storing}` })).toEqual(expected("p/box.py"));
    expect(found({ "p/box.pxd": declaring, "q/box.py": `class Box:\n${storing}` })).toEqual([]);
  });

  it("believes more where the module or its build needs no GIL", () => {
    const live = (path: string, line: number): string => `${path}:${line} Box.put cython medium live`;
    expect(found({ "box.pyx": `# cython: freethreading_compatible=True\n${declaring}${storing}` })).toContain(live("box.pyx", 6));
    expect(found({ "box.pyx": declaring + storing, "meson.build": "args = ['-X freethreading_compatible=True']\n" })).toContain(live("box.pyx", 5));
  });

  it("reads what a file includes as its part", () => {
    const whole = '# cython: freethreading_compatible=True\ncimport cython\ninclude "box.pxi"\n';
    const locked = storing.replaceAll("    def", "    @cython.critical_section\n    def");
    expect(found({ "whole.pyx": whole, "box.pxi": declaring + storing })).toContain("box.pxi:5 Box.put cython medium live");
    expect(found({ "whole.pyx": whole, "box.pxi": declaring + locked })).toEqual([]);
  });

  it("takes functions of C for no entry points, and Python's rules for rules of Cython", () => {
    const program = "cdef dict cache = {}\n\ncdef _find(key):\n    if key not in cache:\n        cache[key] = make(key)\n    return cache[key]\n";
    const locked = `${program}\ncimport cython\ncdef cython.pymutex lock\n\ndef find(key):\n    with lock:\n        return _find(key)\n`;
    expect(found({ "a.pyx": `# cython: freethreading_compatible=True\n${program}\ndef find(key):\n    return _find(key)\n` })).not.toEqual([]);
    expect(found({ "a.pyx": `# cython: freethreading_compatible=True\n${locked}` })).toEqual([]);
  });
});
