// A pair of statements of a test or example in, the text of a driver file out: what stands before them is the set-up.
// Source of the format: protocol/README.md, "Driver file".
import { type DriverText, enteredPrefix, type Usage, type UsageParameter, type UsageStep } from "../../../vocabulary/index.ts";
import type { UsagePair } from "./usage-index.ts";

export function renderUsage(name: string, { usage, first, second, until }: UsagePair): DriverText {
  const steps = usage.steps.slice(0, until).filter(({ form }) => form !== "import");
  const operations = [usage.steps[first], usage.steps[second]].flatMap((step) => step ?? []);
  const before = new Set([...steps.flatMap(({ stores }) => stores), ...usage.parameters.map((parameter) => parameter.name)]);
  if (usage.testCase !== undefined) before.add(usage.testCase.receiver);
  const kept = [...before].filter((each) => each.startsWith(enteredPrefix) || operations.some(({ loads }) => loads.includes(each)));
  const lines = [
    `# ${usage.name} (${usage.file}:${usage.line}): line ${operations[0]?.line ?? 0} against line ${operations[1]?.line ?? 0}.`,
    ...importsOf(usage, [...steps, ...operations], before),
    "",
    "",
    "class State:",
    "    pass",
    "",
    "",
    ...(usage.parameters.some(({ kind }) => kind === "fixture") ? fixtureLines : []),
    "def setup():",
    ...indented(["state = State()", ...beginning(usage), ...steps.flatMap(linesOf), ...kept.map((each) => `state.${each} = ${each}`), "return state"]),
    ...operations.flatMap((step, thread) => ["", "", ...operationLines(step, thread, kept)]),
    "",
  ];
  return { name, source: lines.join("\n") };
}

/** Imports of the usage itself, or the names of its module that the driver uses. */
function importsOf({ module, moduleNames, testCase, parameters, steps: all }: Usage, steps: readonly UsageStep[], own: ReadonlySet<string>): string[] {
  const imports = all.filter(({ form }) => form === "import").map(({ text }) => text);
  if (module === undefined) return imports;
  const loaded = new Set([
    ...steps.flatMap(({ loads }) => loads),
    ...parameters.flatMap((each) => (each.kind === "value" ? (each.text.match(/[A-Za-z_]\w*/g) ?? []) : [])),
  ]);
  const names = [...loaded].filter((name) => moduleNames.has(name) && !own.has(name)).toSorted();
  const modules = new Set(parameters.flatMap(modulesOf));
  return [
    ...imports,
    ...(testCase === undefined ? [] : ["import unittest"]),
    ...[...modules].toSorted().map((each) => `import ${each}`),
    `import ${module} as usage`,
    "",
    ...names.map((name) => `${name} = usage.${name}`),
  ];
}

export function modulesOf(parameter: UsageParameter): string[] {
  return parameter.kind === "value" ? [] : [parameter.module, ...parameter.parameters.flatMap(modulesOf)];
}

export const fixtureLines: readonly string[] = [
  "def fixture(made, *arguments):",
  '    plain = getattr(made, "__wrapped__", None) or getattr(getattr(made, "__pytest_wrapped__", None), "obj", None)',
  "    value = (plain or made._get_wrapped_function())(*arguments)",
  '    return next(value) if hasattr(value, "__next__") else value',
  "",
  "",
];

/** Makes the test case and what the parameters stand for. */
export function beginning({ testCase, parameters }: Pick<Usage, "testCase" | "parameters">): string[] {
  return [...(testCase === undefined ? [] : caseLines(testCase)), ...parameters.map((parameter) => `${parameter.name} = ${parameterText(parameter)}`)];
}

function caseLines({ className, method, receiver }: NonNullable<Usage["testCase"]>): string[] {
  const cls = `usage.${className}`;
  return [
    `${receiver} = ${cls}("${method}") if issubclass(${cls}, unittest.TestCase) else ${cls}()`,
    `for hook in ("setUp", "setup_method"):`,
    `    if hasattr(${receiver}, hook):`,
    `        getattr(${receiver}, hook)()`,
  ];
}

function parameterText(parameter: UsageParameter): string {
  if (parameter.kind === "value") return parameter.text;
  return `fixture(${[`${parameter.module}.${parameter.name}`, ...parameter.parameters.map(parameterText)].join(", ")})`;
}

function operationLines(step: UsageStep, thread: number, kept: readonly string[]): string[] {
  const head = `def operation_${String.fromCodePoint(97 + thread)}(state):`;
  const names = kept.filter((name) => step.loads.includes(name)).map((name) => `${name} = state.${name}`);
  const [first = "", ...others] = linesOf(step);
  const body = step.form === "expression" ? [`return ${first}`, ...others] : [first, ...others, ...resultLines(step)];
  return [head, ...indented([...names, ...body])];
}

/** What an assignment leaves behind is its result. */
function resultLines({ form, stores, text }: UsageStep): string[] {
  return form === "other" && stores.length === 1 && /^[\w.]+\s*=[^=]/.test(text) ? [`return ${stores[0] ?? "None"}`] : [];
}

function linesOf({ text }: UsageStep): string[] {
  return text.split("\n");
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? line : `    ${line}`));
}
