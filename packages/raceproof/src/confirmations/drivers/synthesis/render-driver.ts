// A provocation in, the text of a driver file out: what a person would write by hand, and can keep.
// Source of the format: protocol/README.md, "Driver file".
import { type ArgumentRecipe, type CallRecipe, type DriverText, madeFunction, type Provocation, type ValueRecipe } from "../../../vocabulary/index.ts";

/** `name` appears in reports and witnesses. */
export function renderDriver(name: string, provocation: Provocation): DriverText {
  const lines = [
    `# ${provocation.rationale}.`,
    ...importLines(provocation),
    "",
    "",
    "class State:",
    "    pass",
    "",
    "",
    "def setup():",
    "    state = State()",
    ...provocation.shared.map((object) => `    state.${object.name} = ${valueText(object.value)}`),
    ...provocation.prefix.flatMap(prefixLines),
    "    return state",
    ...provocation.operations.flatMap((calls, thread) => ["", "", ...operationLines(calls, thread)]),
    ...(provocation.shared.some(({ name: object }) => object === madeFunction) ? observeClosure : []),
    "",
  ];
  return { name, source: lines.join("\n") };
}

/** Counters and tables of a decorated function are seen nowhere else. */
const observeClosure: readonly string[] = [
  "",
  "",
  "def observe(state):",
  `    cells = getattr(state.${madeFunction}, "__closure__", None) or ()`,
  "    return [state, [cell.cell_contents for cell in cells]]",
];

/** What is only read back may be an attribute of a module by its last names: `pathlib.helpers.os` need not be one to import. */
function importLines(provocation: Provocation): string[] {
  const sure = importsOf({ ...provocation, operations: provocation.operations.map((calls) => calls.filter(({ use }) => use !== "read")) });
  const unsure = [...importsOf(provocation)].filter((module) => !sure.has(module)).toSorted();
  for (const module of unsure) sure.add(module.split(".")[0] ?? module);
  const tried = unsure.filter((module) => module.includes("."));
  return [
    ...[...(tried.length > 0 ? ["contextlib"] : []), ...sure].toSorted().map((module) => `import ${module}`),
    ...(tried.length > 0 ? ["", "with contextlib.suppress(ImportError):", ...tried.map((module) => `    import ${module}`)] : []),
  ];
}

function importsOf(provocation: Provocation): Set<string> {
  const modules = new Set<string>();
  const addValue = (value: ValueRecipe): void => {
    if (value.kind === "literal" || value.kind === "shared") return;
    if (value.kind === "construct") modules.add(value.module);
    else addValue(value.callee);
    for (const argument of value.arguments) addValue(argument.value);
  };
  for (const object of provocation.shared) addValue(object.value);
  for (const call of [...provocation.prefix, ...provocation.operations.flat()]) {
    modules.add(call.module);
    if (call.receiver) addValue(call.receiver);
    for (const argument of call.arguments) addValue(argument.value);
  }
  return modules;
}

function prefixLines(call: CallRecipe): string[] {
  return ["    try:", `        ${callText(call)}`, "    except Exception:", "        pass"];
}

function operationLines(calls: readonly CallRecipe[], thread: number): string[] {
  const lines = [`def operation_${nameOfThread(thread)}(state):`];
  let indent = "    ";
  const results: string[] = [];
  calls.forEach((call, index) => {
    const last = index === calls.length - 1;
    if (call.use === "with") {
      lines.push(`${indent}with ${plainCall(call)} as entered:`);
      indent += "    ";
      if (last) lines.push(`${indent}return entered`);
      return;
    }
    if (call.use === "assign") {
      lines.push(`${indent}${callText(call)}`);
      return;
    }
    if (last && results.length === 0) {
      lines.push(`${indent}return ${callText(call)}`);
      return;
    }
    lines.push(`${indent}result_${index} = ${callText(call)}`);
    results.push(`result_${index}`);
  });
  if (results.length > 0) lines.push(`${indent}return [${results.join(", ")}]`);
  return lines;
}

/** a to z, then numbers. */
function nameOfThread(thread: number): string {
  return thread < 26 ? String.fromCodePoint(97 + thread) : `${thread}`;
}

function callText(call: CallRecipe): string {
  switch (call.use) {
    case "call":
    case "with":
      return plainCall(call);
    case "exhaust":
      return `list(${plainCall(call)})`;
    case "property":
    case "read":
      return targetText(call);
    case "assign":
      return `${targetText(call)} = ${call.arguments[0] ? valueText(call.arguments[0].value) : "None"}`;
  }
}

function plainCall(call: CallRecipe): string {
  return `${targetText(call)}(${argumentsText(call.arguments)})`;
}

function targetText(call: CallRecipe): string {
  if (!call.receiver) return `${call.module}.${call.qualifiedName}`;
  return `${valueText(call.receiver)}.${attributeOf(call.qualifiedName)}`;
}

/** As it is called from outside of the class: private names are mangled. */
function attributeOf(qualifiedName: string): string {
  const [name = "", owner] = qualifiedName.split(".").toReversed();
  return owner !== undefined && name.startsWith("__") && !name.endsWith("__") ? `_${owner.replace(/^_+/, "")}${name}` : name;
}

function argumentsText(values: readonly ArgumentRecipe[]): string {
  return values.map(({ keyword, value }) => (keyword === undefined ? valueText(value) : `${keyword}=${valueText(value)}`)).join(", ");
}

function valueText(value: ValueRecipe): string {
  switch (value.kind) {
    case "literal":
      return value.python;
    case "shared":
      return `state.${value.name}`;
    case "apply":
      return `${valueText(value.callee)}(${argumentsText(value.arguments)})`;
    case "construct":
      return `${value.module}.${value.qualifiedName}(${argumentsText(value.arguments)})`;
  }
}
