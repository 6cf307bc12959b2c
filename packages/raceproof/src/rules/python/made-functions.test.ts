// Counters in the closure of a decorated function: how a driver gets hold of it.
import { expect, it } from "vitest";
import { auditSources } from "../../audit.ts";
import { rules, varyProvocations } from "../index.ts";

const source = `
def _counting(function):
    hits = 0

    def wrapper(*arguments):
        nonlocal hits
        hits += 1
        return function(*arguments)

    return wrapper


def counted(info=False):
    def decorator(function):
        return _counting(function) if info else function

    return decorator
`;

it("calls the public maker, what that returns with a function, and turns its options over", () => {
  const { hazards, program } = auditSources([{ path: "counting.py", bytes: new TextEncoder().encode(source) }]);
  const hazard = hazards.find(({ location }) => location.path.includes("hits"));
  if (hazard === undefined) throw new Error("no hazard about the counter");
  const proposed = rules.find(({ metadata }) => metadata.id === hazard.rule)?.provoke(hazard, program) ?? [];
  const [made] = proposed[0]?.shared ?? [];
  expect(made?.value).toMatchObject({ kind: "apply", callee: { kind: "construct", module: "counting", qualifiedName: "counted", arguments: [] } });
  const options = varyProvocations(hazard, program, proposed).flatMap(({ shared }) => shared.map(({ value }) => JSON.stringify(value)));
  expect(options.some((text) => text.includes('"keyword":"info","value":{"kind":"literal","python":"True"}'))).toBe(true);
});
