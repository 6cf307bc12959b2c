// A pair of whole tests in, the text of a driver file out: each test is the operation of a thread, and passes in every serial order or
// the driver is of no use.
// Source of the format: protocol/README.md, "Driver file".
import type { DriverText, Usage } from "../../../vocabulary/index.ts";
import { beginning, fixtureLines, indented, modulesOf } from "./render-usage.ts";
import type { TestPair } from "./usage-index.ts";

export function renderTests(name: string, { first, second, shares }: TestPair): DriverText {
  const modules = new Set([first, second].flatMap(({ parameters }) => parameters.flatMap(modulesOf)));
  const both = first === second ? `${first.name} twice` : `${first.name} against ${second.name}`;
  const lines = [
    `# ${both} (${first.file}:${first.line}), ${shares === "fixtures" ? "on the same fixtures" : "two copies that share what their module keeps"}.`,
    ...[...modules].toSorted().map((each) => `import ${each}`),
    "import unittest",
    `import ${first.module ?? ""} as usage`,
    ...namesOf([first, second]).map((each) => `${each} = usage.${each}`),
    "",
    "must_pass = True",
    "",
    "",
    ...(modules.size > 0 ? fixtureLines : []),
    ...(shares === "fixtures" ? onSharedFixtures(first, second) : [first, second].flatMap(alone)),
    "",
  ];
  return { name, source: lines.join("\n") };
}

/** Of the module, in the values that tests are given. */
function namesOf(tests: readonly Usage[]): string[] {
  const texts = tests.flatMap(({ parameters }) => parameters.flatMap((each) => (each.kind === "value" ? [each.text] : [])));
  const words = new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));
  return [...words].filter((word) => tests[0]?.moduleNames.has(word) === true).toSorted();
}

/** What a test case keeps is seen nowhere else. */
const observeCase = (receiver: string): readonly string[] => ["", "", "def observe(state):", `    return [state, vars(state["${receiver}"])]`];

/** Made in setup(), and left there: a test case is torn down by neither thread. */
function onSharedFixtures(first: Usage, second: Usage): string[] {
  const parameters = [...new Map([...first.parameters, ...second.parameters].map((each) => [each.name, each])).values()];
  const receiver = first.testCase?.receiver;
  const names = [...(receiver === undefined ? [] : [receiver]), ...parameters.map((each) => each.name)];
  return [
    "def setup():",
    ...indented([...beginning({ testCase: first.testCase, parameters }), `return {${names.map((each) => `"${each}": ${each}`).join(", ")}}`]),
    ...[first, second].flatMap((test, thread) => [
      "",
      "",
      `def operation_${letterOf(thread)}(state):`,
      ...indented([callOf(test, (each) => `state["${each}"]`)]),
    ]),
    ...(receiver === undefined ? [] : observeCase(receiver)),
  ];
}

function alone(test: Usage, thread: number): string[] {
  const call = callOf(test, (each) => each);
  const receiver = test.testCase?.receiver;
  const body = receiver === undefined ? [call] : ["try:", ...indented([call]), "finally:", ...indented(endingOf(receiver))];
  return [...(thread === 0 ? [] : ["", ""]), `def operation_${letterOf(thread)}():`, ...indented([...beginning(test), ...body])];
}

function callOf({ name, testCase, parameters }: Usage, valueOf: (name: string) => string): string {
  const target = testCase === undefined ? `usage.${name}` : `${valueOf(testCase.receiver)}.${testCase.method}`;
  return `${target}(${parameters.map((each) => `${each.name}=${valueOf(each.name)}`).join(", ")})`;
}

function endingOf(receiver: string): string[] {
  return [`for hook in ("tearDown", "teardown_method", "doCleanups"):`, ...indented([`if hasattr(${receiver}, hook):`, `    getattr(${receiver}, hook)()`])];
}

function letterOf(thread: number): string {
  return String.fromCodePoint(97 + thread);
}
