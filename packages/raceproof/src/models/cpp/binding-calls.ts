// How pybind11 and nanobind bind C++ to Python: which calls name a callable, and what else they say about it.
// What enters: nothing. What leaves: tables. Sources: pybind11.readthedocs.io (classes, functions), nanobind.readthedocs.io (api_core, free_threaded).

export interface BindingRow {
  /** What its callables are, in order: the last one repeats. */
  readonly kinds: readonly ("method" | "getter" | "setter")[];
  /** It binds a field, which Python then stores to directly. */
  readonly field?: "read" | "write";
}

/** By method name: `.def("name", callable)`. */
export const bindingCalls: ReadonlyMap<string, BindingRow> = new Map<string, BindingRow>([
  ["def", { kinds: ["method"] }],
  ["def_static", { kinds: ["method"] }],
  ["def_property", { kinds: ["getter", "setter"] }],
  ["def_property_readonly", { kinds: ["getter"] }],
  ["def_property_static", { kinds: ["getter", "setter"] }],
  ["def_prop_rw", { kinds: ["getter", "setter"] }],
  ["def_prop_ro", { kinds: ["getter"] }],
  ["def_buffer", { kinds: ["method"] }],
  ["def_readwrite", { kinds: ["setter"], field: "write" }],
  ["def_rw", { kinds: ["setter"], field: "write" }],
  ["def_readonly", { kinds: ["getter"], field: "read" }],
  ["def_ro", { kinds: ["getter"], field: "read" }],
]);

/** Templates that name the class they bind: `py::class_<T>(m, "T")`. */
export const classBinders: ReadonlySet<string> = new Set(["class_", "exception", "classh"]);

/** Functions and methods of both that run Python code. */
export const pythonCalls: ReadonlySet<string> = new Set("attr cast import import_ getattr setattr hasattr isinstance print eval exec".split(" "));
