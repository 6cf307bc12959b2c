// A module's state holds references to objects, and the module's definition has no traverse function.
// Misses: state whose fields are only read. Over-reports: state that holds nothing but strings and numbers.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { holdsOnlyLeaves } from "../field-values.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/module-state-not-visited",
  title: "Module state not visited",
  severity: "leak",
  consequence: "Modules and their types are never freed: each import into a new interpreter, and each reload, leaks them.",
  sources: ["docs.python.org/3/c-api/module.html#c.PyModuleDef.m_traverse", "PEP 489", "PEP 630"],
  since: "0.2.0",
  fixes: [{ title: "m_traverse, m_clear, m_free", cost: "low", detail: "Py_VISIT and Py_CLEAR of every object that the state holds." }],
};

function find(program: NativeProgram): Hazard[] {
  return program.tables
    .filter(({ type }) => type === "PyModuleDef")
    .flatMap((table) => {
      const cells = new Map(table.cells.map((cell) => [cell.name, cell]));
      const size = cells.get("m_size");
      const struct = size && /sizeof\s*\(\s*(?:struct\s+)?(\w+)/.exec(size.text)?.[1];
      if (size === undefined || struct === undefined || isFilled(cells.get("m_traverse")?.text)) return [];
      const held = objectOf(program, struct);
      return held === undefined
        ? []
        : [
            draftNativeHazard(program, metadata, {
              fn: { name: "<file scope>", parameters: [] },
              span: size.span,
              location: held,
              accesses: [],
              confidence: "medium",
              singleThreaded: true,
              evidence: [`${held} holds an object`, "the module's definition has no m_traverse"],
              message: `${table.name} has a state that holds objects and does not show them to the collector`,
            }),
          ];
    });
}

function isFilled(text: string | undefined): boolean {
  return text !== undefined && !/^(0|NULL|nullptr)$/.test(text);
}

/** A field of the struct that a function of the module stores an object in. */
function objectOf(program: NativeProgram, struct: string): string | undefined {
  const stores = program.functions.flatMap(({ events }) =>
    events.filter((event) => event.kind === "access" && event.mode === "write" && event.holds === "object"),
  );
  return stores
    .map((event) => (event.kind === "access" ? event.location : ""))
    .find((location) => location.split(".")[0] === struct && !holdsOnlyLeaves(program, location));
}

export const rule: NativeRule = { metadata, find };
