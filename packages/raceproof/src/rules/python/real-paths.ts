// A provocation whose calls look at the real file system in, the same calls on a folder and on a file that are there out.
// Misses: formats: the file is empty; paths that are not the stand-in of argument-recipes.ts.
import type { ArgumentRecipe, CallRecipe, Program, Provocation, SharedObject, ValueRecipe } from "../../vocabulary/index.ts";
import { indexOf } from "./program-index.ts";

/** Functions that fail without the file or folder that they are given. */
const lookers: readonly string[] = ["os.stat", "os.lstat", "os.listdir", "os.scandir", "os.walk", "os.readlink", "open", "builtins.open", "io.open"];
const mostCallers = 2;

const folder = "raceproof-folder";
const file = `${folder}/file`;

/** Relative to the folder of its own in which a driver runs, and made anew before each execution. */
const made: readonly SharedObject[] = [
  {
    name: "real_folder",
    value: {
      kind: "construct",
      module: "os",
      qualifiedName: "makedirs",
      arguments: [
        { keyword: undefined, value: { kind: "literal", python: `'${folder}'` } },
        { keyword: "exist_ok", value: { kind: "literal", python: "True" } },
      ],
    },
  },
  { name: "real_file", value: { kind: "literal", python: `open('${file}', 'w').close()` } },
];

export function onRealPaths(provocation: Provocation, program: Program): Provocation[] {
  const looking = functionsThatLook(program);
  const called = [...provocation.operations.flat(), ...provocation.shared.flatMap(({ value }) => (value.kind === "construct" ? [value] : []))];
  if (!called.some(({ module, qualifiedName }) => looking.has(`${module}:${qualifiedName}`) || looking.has(`${module}:${qualifiedName}.__init__`))) return [];
  return [folder, file].map((path): Provocation => {
    const inCall = (call: CallRecipe): CallRecipe => ({ ...call, arguments: withPath(call.arguments, path) });
    return {
      ...provocation,
      rationale: `${provocation.rationale}, on a ${path === folder ? "folder" : "file"} that is there`,
      shared: [...made, ...provocation.shared.map(({ name, value }) => ({ name, value: valueWithPath(value, path) }))],
      prefix: provocation.prefix.map(inCall),
      operations: provocation.operations.map((calls) => calls.map(inCall)),
    };
  });
}

const known = new WeakMap<Program, ReadonlySet<string>>();

/** "module:function" of those that call one, themselves or through a few others. */
function functionsThatLook(program: Program): ReadonlySet<string> {
  const before = known.get(program);
  if (before !== undefined) return before;
  let ids = new Set(
    indexOf(program)
      .callsTo(lookers)
      .map(({ functionId }) => functionId),
  );
  for (let depth = 0; depth < mostCallers; depth++) ids = new Set([...ids, ...[...ids].flatMap((id) => program.functions[id]?.callers ?? [])]);
  const names = new Set([...ids].flatMap((id) => program.functions[id] ?? []).map(({ module, qualifiedName }) => `${module}:${qualifiedName}`));
  known.set(program, names);
  return names;
}

function withPath(recipes: readonly ArgumentRecipe[], path: string): ArgumentRecipe[] {
  return recipes.map(({ keyword, value }) => ({ keyword, value: valueWithPath(value, path) }));
}

function valueWithPath(value: ValueRecipe, path: string): ValueRecipe {
  switch (value.kind) {
    case "literal":
      return /^'\/raceproof-\w'$/.test(value.python) ? { kind: "literal", python: `'${path}'` } : value;
    case "shared":
      return value;
    case "construct":
      return { ...value, arguments: withPath(value.arguments, path) };
    case "apply":
      return { ...value, callee: valueWithPath(value.callee, path), arguments: withPath(value.arguments, path) };
  }
}
