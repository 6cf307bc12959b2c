// Nothing a file contains makes the front end fail or hang, and every place it names is inside a file.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CProgram, SourcePlace } from "./c-unit.ts";
import { placeIn, spellingIn } from "./parse-c.ts";
import { parseTexts } from "./testing.ts";

const header =
  "#ifndef H\n#define H\n#define LOCK(x) Py_BEGIN_CRITICAL_SECTION(x)\n#define EACH(i, n) for (int i = 0; i < (n); i++)\n#define CAT(a, b) a##b\n#endif\n";
const source = `#include "h.h"
#define SIZE (16)
#define NAME(x) CAT(my_, x)
/* a comment */ static PyObject *
NAME(method)(Foo *self, PyObject *args) // another
{
    LOCK(self);
    EACH(i, self->used) { self->table[i] = NULL; }
#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX > 0x030c0000
    if (self->x < SIZE) goto done;
#else
    self->x--;
#endif
    self->text = "a \\"string\\" /* no comment */" 'c';
done:
    Py_END_CRITICAL_SECTION();
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"m", (PyCFunction)NAME(method), METH_VARARGS, PyDoc_STR("x")}, {NULL}};
`;

/** Offsets whose places are outside their files or go back within one. */
function wrongPlaces(program: CProgram): string[] {
  const wrong: string[] = [];
  const isOutside = ({ path, offset }: SourcePlace): boolean => offset > (program.files.get(path)?.bytes.length ?? -1);
  for (const unit of program.units) {
    const { tree } = unit;
    const highest = new Map<string, number>();
    for (let offset = 0; offset < tree.source.length; offset++) {
      const place = placeIn(program, unit, offset);
      const spelling = spellingIn(program, unit, offset);
      const goesBack = place.offset < (highest.get(place.path) ?? 0);
      if (goesBack || isOutside(place) || (spelling && isOutside(spelling))) wrong.push(`${unit.path} ${offset}`);
      highest.set(place.path, place.offset);
    }
    for (let node = 0; node < tree.size; node++) if (tree.first[node]! > node || tree.end[node]! > tree.source.length) wrong.push(`${unit.path} node ${node}`);
  }
  return wrong;
}

describe("positions", () => {
  it("lead to the invocation, and to the definition", async () => {
    const program = await parseTexts({ "a.c": source, "h.h": header });
    const unit = program.units[0]!;
    expect(wrongPlaces(program)).toEqual([]);
    const at = unit.tree.ascii!.indexOf("my_method");
    expect(placeIn(program, unit, at)).toMatchObject({ path: "a.c", line: 5, column: 0 });
    const section = unit.tree.ascii!.indexOf("for (int i");
    expect(placeIn(program, unit, section)).toMatchObject({ path: "a.c", line: 8, column: 4 });
    expect(spellingIn(program, unit, section)).toMatchObject({ path: "h.h", line: 4, column: 19 });
    const used = unit.tree.ascii!.indexOf("used");
    expect(placeIn(program, unit, used)).toMatchObject({ path: "a.c", line: 8, column: 4 });
    expect(spellingIn(program, unit, used)).toMatchObject({ path: "a.c", line: 8, column: 18 });
    expect(spellingIn(program, unit, unit.tree.ascii!.indexOf("Py_NewRef"))).toBeUndefined();
  });

  it("of text that is not ASCII count bytes", async () => {
    const program = await parseTexts({ "a.c": 'char *é = "ü"; int x;' });
    const unit = program.units[0]!;
    const node = unit.tree.size - 2;
    expect(placeIn(program, unit, unit.tree.start[node]!).offset).toBe(17);
    expect(unit.errorBytes).toBe(0);
  });

  it("stay in order and inside files however the text is cut", async () => {
    const cut = fc.tuple(
      fc.nat(source.length),
      fc.nat(80),
      fc.constantFrom("", "(", ")", "{", '"', "/*", "#if 1\n", "\\", "#define f(x) x f(\n", "\n#", "\u00e9"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 3 }), async (cuts) => {
        let text = source;
        for (const [at, length, inserted] of cuts) text = text.slice(0, at) + inserted + text.slice(at + length);
        expect(wrongPlaces(await parseTexts({ "a.c": text, "h.h": header }))).toEqual([]);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe("garbage", () => {
  it.each([
    ["random bytes", Array.from({ length: 3000 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join("")],
    ["zeros", "\0".repeat(2000)],
    ["open parentheses after a macro", `#define F(x) x\n${"F(".repeat(3000)}`],
    ["deep conditionals", "#if 1\n".repeat(5000)],
    ["deep conditions", `#if ${"(".repeat(5000)}1\na\n#endif`],
    ["deep braces", `void f(void) ${"{".repeat(3000)}`],
    ["an include of itself", '#include "a.c"\n'.repeat(50)],
    ["a definition that never ends", `#define F(${"a,".repeat(3000)}\\`],
    ["nothing", ""],
  ])("of %s gives a tree", async (_, text) => {
    const program = await parseTexts({ "a.c": text });
    expect(program.units).toHaveLength(1);
    expect(program.units[0]!.tree.size).toBeGreaterThan(0);
  });
});
