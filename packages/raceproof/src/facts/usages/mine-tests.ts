// A parsed test module in, its tests as usages out: statements in order, with the values that fixtures and parameters give them.
// Nothing is executed. Misses: tests made by functions, fixtures of other packages, asynchronous tests.
import { childrenWithRole, childWithRole, lineAt, nameOf, PythonKind as K, PythonRole as R, type SyntaxTree, textOf } from "../../sources/index.ts";
import type { Usage, UsageParameter } from "../../vocabulary/index.ts";
import { enteredSteps } from "./entered-steps.ts";
import { usageStepOf } from "./usage-step.ts";

export interface TestModule {
  readonly file: string;
  /** Dotted name it is imported by. */
  readonly name: string;
  readonly tree: SyntaxTree;
}

/** A fixture function and the module it is in; nearest to the test first. */
interface Fixture {
  readonly module: TestModule;
  readonly node: number;
}

type Fixtures = ReadonlyMap<string, readonly Fixture[]>;

const deepestFixture = 4;

/** Fixtures are looked up in the test's own module, then in every conftest or plugin among the modules. */
export function mineTests(modules: readonly TestModule[]): Usage[] {
  const shared = new Map(modules.filter(({ file }) => /(^|\/)(conftest|\w*plugin)\.py$/.test(file)).map((module) => [module.file, fixturesOf(module)]));
  return modules.flatMap((module) => {
    const fixtures = merged([fixturesOf(module), ...shared.values()]);
    const moduleNames = namesBoundBy(module.tree);
    return testsOf(module).flatMap(({ node, className }) => usagesOf({ module, moduleNames, fixtures }, node, className));
  });
}

interface Surroundings {
  readonly module: TestModule;
  readonly moduleNames: ReadonlySet<string>;
  readonly fixtures: Fixtures;
}

interface Test {
  readonly node: number;
  readonly className: string | undefined;
}

function testsOf({ tree }: TestModule): Test[] {
  return childrenWithRole(tree, tree.size - 1, R.body).flatMap((node): Test[] => {
    if (isTest(tree, node)) return [{ node, className: undefined }];
    if (tree.kind[node] !== K.ClassDef) return [];
    const methods = childrenWithRole(tree, node, R.body).filter((method) => isTest(tree, method));
    return methods.map((method) => ({ node: method, className: nameOf(tree, node) }));
  });
}

function isTest(tree: SyntaxTree, node: number): boolean {
  return tree.kind[node] === K.FunctionDef && nameOf(tree, node).startsWith("test");
}

/** The test as it stands, and once more with what it enters entered beforehand. */
function usagesOf({ module, moduleNames, fixtures }: Surroundings, node: number, className: string | undefined): Usage[] {
  const { tree, file, name } = module;
  const method = nameOf(tree, node);
  const names = parameterNames(tree, node);
  const receiver = className === undefined ? undefined : names.shift();
  const given = new Map(parametrized(tree, node).map((parameter) => [parameter.name, parameter]));
  const parameters = names.map((each) => given.get(each) ?? fixtureParameter(each, fixtures, 0));
  const known = parameters.flatMap((parameter) => parameter ?? []);
  const body = childrenWithRole(tree, node, R.body).filter((statement) => !isDocstring(tree, statement));
  if (known.length < names.length || body.length === 0) return [];
  const usage: Usage = {
    file,
    line: lineAt(tree, tree.start[node] as number),
    name: className === undefined ? method : `${className}.${method}`,
    module: name,
    moduleNames,
    testCase: className === undefined || receiver === undefined ? undefined : { className, method, receiver },
    parameters: known,
    steps: body.map((statement) => usageStepOf(tree, statement)),
  };
  const entered = enteredSteps(tree, body);
  return entered === undefined ? [usage] : [usage, { ...usage, steps: entered, isEntered: true }];
}

function isDocstring(tree: SyntaxTree, statement: number): boolean {
  return tree.kind[statement] === K.Expr && tree.kind[childWithRole(tree, statement, R.value)] === K.Constant;
}

function parameterNames(tree: SyntaxTree, node: number): string[] {
  return [...childrenWithRole(tree, node, R.posonlyargs), ...childrenWithRole(tree, node, R.args)].map((each) => nameOf(tree, each));
}

/** The first set of values of `@pytest.mark.parametrize("a, b", [(1, 2), ...])`. */
function parametrized(tree: SyntaxTree, node: number): UsageParameter[] {
  return childrenWithRole(tree, node, R.decorator_list).flatMap((decorator) => {
    if (tree.kind[decorator] !== K.Call || !textOf(tree, decorator).includes("parametrize(")) return [];
    const [labels, values] = childrenWithRole(tree, decorator, R.args);
    const first = values === undefined ? undefined : childrenWithRole(tree, values, R.elts)[0];
    if (labels === undefined || first === undefined) return [];
    const names = textOf(tree, labels).match(/\w+/g) ?? [];
    const texts = names.length === 1 ? [textOf(tree, first)] : childrenWithRole(tree, first, R.elts).map((each) => textOf(tree, each));
    return names.flatMap((name, index) => (texts[index] === undefined ? [] : [{ name, kind: "value" as const, text: texts[index] }]));
  });
}

function fixturesOf(module: TestModule): Map<string, Fixture[]> {
  const { tree } = module;
  const found = childrenWithRole(tree, tree.size - 1, R.body).filter((node) => isFixture(tree, node));
  return new Map(found.map((node) => [nameOf(tree, node), [{ module, node }]]));
}

function isFixture(tree: SyntaxTree, node: number): boolean {
  if (tree.kind[node] !== K.FunctionDef) return false;
  return childrenWithRole(tree, node, R.decorator_list).some((decorator) => /\bfixture\b/.test(textOf(tree, decorator)));
}

function merged(maps: readonly Fixtures[]): Fixtures {
  const out = new Map<string, Fixture[]>();
  for (const map of maps) for (const [name, fixtures] of map) out.set(name, [...(out.get(name) ?? []), ...fixtures]);
  return out;
}

function fixtureParameter(name: string, fixtures: Fixtures, depth: number): UsageParameter | undefined {
  const [fixture] = fixtures.get(name) ?? [];
  if (fixture === undefined || depth > deepestFixture) return undefined;
  const names = parameterNames(fixture.module.tree, fixture.node);
  const parameters = names.flatMap((each) => fixtureParameter(each, fixtures, depth + 1) ?? []);
  return parameters.length < names.length ? undefined : { name, kind: "fixture", module: fixture.module.name, parameters };
}

/** What the module's body binds, conditional parts included. */
function namesBoundBy(tree: SyntaxTree): ReadonlySet<string> {
  return new Set(bodiesOf(tree, tree.size - 1).flatMap((statement) => namesOf(tree, statement)));
}

function namesOf(tree: SyntaxTree, statement: number): readonly string[] {
  switch (tree.kind[statement]) {
    case K.If:
    case K.Try:
    case K.ExceptHandler:
      return bodiesOf(tree, statement).flatMap((child) => namesOf(tree, child));
    case K.FunctionDef:
    case K.ClassDef:
      return [nameOf(tree, statement)];
    default:
      return usageStepOf(tree, statement).stores;
  }
}

function bodiesOf(tree: SyntaxTree, node: number): number[] {
  return [R.body, R.handlers, R.orelse, R.finalbody].flatMap((role) => childrenWithRole(tree, node, role));
}
