// The driver format as people get it wrong. Enters: the text of a driver file. Leaves: the first problem in one line, or nothing.
// Looks at the outline only (top-level definitions); the agent, which compiles the file, has the last word.

export interface DriverProblem {
  /** 1-based; undefined when something is missing. */
  readonly line: number | undefined;
  readonly message: string;
}

const definition = /^(async\s+)?def\s+(\w+)\s*\(([^)]*)/;

/** Source of the format: protocol/README.md, "Driver file". */
export function findDriverProblem(source: string): DriverProblem | undefined {
  const lines = source.split(/\r?\n/);
  const found = lines.flatMap((text, index) => {
    const match = definition.exec(text);
    return match === null ? [] : [{ line: index + 1, isAsync: match[1] !== undefined, name: match[2] ?? "", parameters: parametersOf(match[3] ?? "") }];
  });
  const operations = found.filter(({ name }) => name.startsWith("operation"));
  const isAsync = found.find((one) => one.isAsync && (operations.includes(one) || ["setup", "observe", "invariant"].includes(one.name)));
  if (isAsync !== undefined) return { line: isAsync.line, message: `${isAsync.name} is asynchronous; a driver's functions are ordinary ones` };
  const setup = found.find(({ name }) => name === "setup");
  if (setup !== undefined && setup.parameters > 0) return { line: setup.line, message: "setup() takes no parameter" };
  const greedy = operations.find(({ parameters }) => parameters > 1);
  if (greedy !== undefined)
    return {
      line: greedy.line,
      message: `${greedy.name} takes ${greedy.parameters} parameters; an operation takes the state that setup() returned, or nothing`,
    };
  const assigns = (name: string): boolean => lines.some((text) => new RegExp(`^${name}\\s*=`).test(text));
  const threads = operations.length + (assigns("collects_garbage") ? 1 : 0);
  if (assigns("threads") || threads >= 2) return undefined;
  if (operations.length === 1)
    return { line: operations[0]?.line, message: "one operation is not enough; define at least two functions whose names begin with operation" };
  return { line: undefined, message: "no operations; define at least two functions whose names begin with operation, or a list threads = [[f, g], [h]]" };
}

/** Parameters without a default, not counting * and ** ones. */
function parametersOf(text: string): number {
  return text.split(",").filter((parameter) => /^\s*\w/.test(parameter) && !parameter.includes("=")).length;
}
