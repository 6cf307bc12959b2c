// C++ that pybind11 and nanobind bind: entry points, members through `this`, locks by guards and by the binding.
import { beforeAll, describe, expect, it } from "vitest";
import { buildConfiguration, createNameTable, openCFrontEnd } from "../../sources/index.ts";
import type { CFrontEnd } from "../../sources/index.ts";
import type { NativeProgram } from "../../vocabulary/index.ts";
import { analyzeNative } from "./index.ts";

const configuration = buildConfiguration("free-threaded", [3, 14]);
let frontEnd: CFrontEnd;
beforeAll(async () => {
  frontEnd = await openCFrontEnd();
});

const encoder = new TextEncoder();

function analyze(text: string, builds: Readonly<Record<string, string>> = {}): NativeProgram {
  const program = frontEnd.parse([{ path: "a.cpp", bytes: encoder.encode(text) }], [configuration], createNameTable());
  return analyzeNative(
    program,
    configuration.name,
    Object.entries(builds).map(([path, content]) => ({ path, bytes: encoder.encode(content) })),
  );
}

const box = `
namespace ns {
struct Base { int kept; void keep(int v) { kept = v; } };
class Box : public Base {
 public:
  Box(int n) { size = n; }
  void put(int v);
  int sum() { int total = 0; for (int v : items) total += v; return total; }
  static int version() { return 3; }
  std::vector<int> items; std::mutex m; int size;
};
void Box::put(int v) { grow(); items[0] = v; }
void free_put(Box &box, int v) { box.items.push_back(v); }
}
`;

const bind = (calls: string): string => `${box}\nPYBIND11_MODULE(demo, mod) { py::class_<ns::Box, ns::Base>(mod, "Box")${calls}; }`;

/** "entry name: accesses with what is held" of every function that Python reaches. */
function reached(program: NativeProgram): string[] {
  return program.functions
    .filter(({ entries }) => entries.some(({ company }) => company === "ordinary"))
    .map(({ name, entries, effects }) => {
      const touched = effects.map(({ mode, location, held }) => `${mode} ${location}${held.map(({ kind }) => ` ${kind}`).join("")}`);
      return `${entries.map((entry) => `${entry.kind} ${entry.name}`).join()} = ${name}: ${touched.join(", ")}`;
    });
}

describe("bound C++", () => {
  it.each([
    ['.def("put", &ns::Box::put)', "method Box.put = Box::put: read Box.items, write Box.items[]"],
    ['.def("sum", &Box::sum)', "method Box.sum = Box::sum: read Box.items"],
    ['.def("keep", &ns::Box::keep)', "method Box.keep = Base::keep: write Base.kept"],
    ['.def("put", &ns::free_put)', "method Box.put = free_put: update Box.items"],
    ['.def("put", py::overload_cast<int>(&ns::Box::put))', "method Box.put = Box::put: read Box.items, write Box.items[]"],
    ['.def_static("version", &ns::Box::version)', "method Box.version = Box::version: "],
    ['.def_property_readonly("size", [](const ns::Box &self) { return self.size; })', "getter Box.size = Box.size: read Box.size"],
    ['.def("clear", [](ns::Box &b) { std::lock_guard<std::mutex> g(b.m); b.items.clear(); })', "method Box.clear = Box.clear: update Box.items lock"],
    [
      '.def("clear", [](ns::Box &b) { b.m.lock(); b.items.clear(); b.m.unlock(); b.size = 0; })',
      "method Box.clear = Box.clear: update Box.items lock, write Box.size",
    ],
    [
      '.def("clear", [](ns::Box &b) { std::unique_lock lk{b.m}; b.items.clear(); lk.unlock(); b.size = 0; lk.lock(); b.size++; })',
      "method Box.clear = Box.clear: update Box.items lock, write Box.size, update Box.size lock",
    ],
    [
      '.def("clear", [](ns::Box &b) { { std::scoped_lock g(b.m); b.size = 0; } b.items.clear(); })',
      "method Box.clear = Box.clear: write Box.size lock, update Box.items",
    ],
    [
      '.def("clear", [](ns::Box &b) { py::gil_scoped_release r; b.items.clear(); { py::gil_scoped_acquire a; b.size = 0; } })',
      "method Box.clear = Box.clear: update Box.items detached, write Box.size detached attached",
    ],
    ['.def("sum", &ns::Box::sum, nb::lock_self())', "method Box.sum = Box::sum: read Box.items section"],
    ['.def("sum", &ns::Box::sum, py::call_guard<py::gil_scoped_release>())', "method Box.sum = Box::sum: read Box.items detached"],
    ['.def("alias", [](ns::Box &b) { auto &all = b.items; all.push_back(1); })', "method Box.alias = Box.alias: read Box.items, update Box.items[]"],
  ])("%s", (calls, expected) => {
    expect(reached(analyze(bind(calls)))).toEqual([expected]);
  });

  it.each([
    ["using guard_t = std::unique_lock<std::mutex>;", "guard_t g(b.m)", "lock"],
    ["class guard_t { std::lock_guard<std::mutex> held; public: guard_t(std::mutex &m) : held(m) {} };", "guard_t g(b.m)", "lock"],
    ["class guard_t { PyCriticalSection cs; public: guard_t(Box *b); ~guard_t(); };", "guard_t g(b)", "section"],
  ])("knows guards by other names and of other classes: %s", (declared, guard, held) => {
    const text = `${box} ${declared} PYBIND11_MODULE(demo, mod) { py::class_<ns::Box>(mod, "Box").def("clear", [](ns::Box &b) { ${guard}; b.items.clear(); }); }`;
    expect(reached(analyze(text))[0]).toContain(`update Box.items ${held}`);
  });

  it("means the methods of classes below where a base has none, through templates too", () => {
    const shapes = `
struct Shape { virtual void draw() = 0; int drawn; };
template <typename T> class Drawn : public Shape { int count; void draw() override { if (fill()) drawn = 1; } bool fill() { count++; return true; } };
class Square : public Drawn<Square> {};
PYBIND11_MODULE(demo, m) { py::class_<Shape>(m, "Shape").def("draw", &Shape::draw); py::class_<Square, Shape>(m, "Square"); }`;
    expect(reached(analyze(shapes))).toEqual(["method Shape.draw = Drawn::draw: update Drawn.count, write Shape.drawn"]);
  });

  it("is built and taken apart by one thread, and set up by the import", () => {
    const companies = analyze(bind("")).functions.flatMap(({ name, entries }) => entries.map(({ company }) => `${name} ${company}`));
    expect(companies).toEqual(["Box::Box construction", "PYBIND11_MODULE_demo import"]);
  });

  it("says that it needs no GIL in its module, or in its build", () => {
    expect(analyze(`${box} PYBIND11_MODULE(demo, m, py::mod_gil_not_used()) {}`).declaresFreeThreading?.line).toBeGreaterThan(1);
    expect(analyze("NB_MODULE(demo, m) {}").declaresFreeThreading).toBeUndefined();
    const build = { "CMakeLists.txt": "project(demo)\nnanobind_add_module(demo FREE_THREADED a.cpp)\n" };
    expect(analyze("NB_MODULE(demo, m) {}", build).declaresFreeThreading).toMatchObject({ file: "CMakeLists.txt", line: 2 });
    expect(analyze("NB_MODULE(demo, m) {}", { "CMakeLists.txt": "# nanobind_add_module(demo FREE_THREADED)\n" }).declaresFreeThreading).toBeUndefined();
  });
});
