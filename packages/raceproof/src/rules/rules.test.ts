// What every rule promises beyond its page: complete metadata, well-formed hazards, and provocations that a driver can be written from.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { auditSources, type AuditResult } from "../audit.ts";
import type { CallRecipe, Hazard, Program, Provocation, Rule, ValueRecipe } from "../vocabulary/index.ts";
import { rules } from "./index.ts";

const encoder = new TextEncoder();

/** The page's blocks with a hazard in them, one program each. */
function hazardousPrograms({ metadata }: Rule): string[] {
  const page = readFileSync(new URL(`${metadata.id}/README.md`, import.meta.url), "utf8");
  return [...page.matchAll(/```python\n([^]*?)```/g)].map(([, text]) => text ?? "").filter((text) => text.includes("# hazard:"));
}

const audit = (text: string, rule: Rule): AuditResult => auditSources([{ path: "example.py", bytes: encoder.encode(text) }], { rules: [rule.metadata.id] });

function recipesIn(provocation: Provocation): CallRecipe[] {
  return [...provocation.prefix, ...provocation.operations.flat()];
}

function valuesIn(value: ValueRecipe | undefined): ValueRecipe[] {
  if (!value) return [];
  return value.kind === "construct" ? [value, ...value.arguments.flatMap((argument) => valuesIn(argument.value))] : [value];
}

/** State outside the program is read back by name or through a getter, at the end of an operation. */
function readsState({ use, receiver, arguments: passed }: CallRecipe): boolean {
  return (use === "read" || use === "call") && receiver === undefined && passed.length === 0;
}

/** What a driver could not be written from: undefined names, unknown functions, positional arguments after keywords. */
function flawsOf(provocation: Provocation, program: Program): string[] {
  const calls = recipesIn(provocation);
  const values = [
    ...calls.flatMap((call) => [...valuesIn(call.receiver), ...call.arguments.flatMap((argument) => valuesIn(argument.value))]),
    ...provocation.shared.flatMap(({ value }) => valuesIn(value)),
  ];
  const defined = new Set(provocation.shared.map(({ name }) => name));
  const modules = new Set(program.functions.map((fn) => fn.module));
  const misplaced = calls.filter((call) =>
    call.arguments.some(({ keyword }, index) => keyword === undefined && call.arguments[index - 1]?.keyword !== undefined),
  );
  return [
    ...(provocation.operations.length === 2 && provocation.operations.every((each) => each.length > 0) ? [] : ["not two threads with something to do"]),
    ...values.flatMap((value) => (value.kind === "shared" && !defined.has(value.name) ? [`${value.name} is used and not defined`] : [])),
    ...calls.filter((call) => !modules.has(call.module) && !readsState(call)).map(({ module }) => `there is no module ${module}`),
    ...misplaced.map(({ qualifiedName }) => `${qualifiedName} gets positional arguments after keywords`),
    ...(provocation.rationale === "" ? ["no rationale"] : []),
  ];
}

describe.each(rules.map((rule) => [rule.metadata.id, rule] as const))("%s", (_id, rule) => {
  const { metadata } = rule;
  const found = hazardousPrograms(rule).map((text) => audit(text, rule));

  it("says what it is about and how to get rid of it", () => {
    expect(metadata.title.length).toBeGreaterThan(10);
    expect(metadata.consequence).toMatch(/\.$/);
    expect(metadata.sources.length).toBeGreaterThan(0);
    expect(metadata.fixes.length).toBeGreaterThan(1);
    expect(metadata.fixes.every(({ title, detail }) => title !== "" && detail !== "")).toBe(true);
  });

  it("reports the sequence first, with its own accesses in it", () => {
    const hazards = found.flatMap((result) => result.hazards);
    expect(hazards.length).toBeGreaterThan(0);
    for (const hazard of hazards) {
      expect(hazard.rule).toBe(metadata.id);
      expect(hazard.id.startsWith(`${metadata.id}:`)).toBe(true);
      expect(hazard.accesses.some(({ span, function: within }) => within === hazard.function && span.line === hazard.span.line)).toBe(true);
      expect(hazard.message.length).toBeGreaterThan(20);
    }
  });

  it("has provocations a driver can be written from, for nearly every hazard of its page", () => {
    const tried = found.flatMap(({ hazards, program }) => hazards.map((hazard) => ({ hazard, program, provocations: rule.provoke(hazard, program) })));
    expect(tried.flatMap(({ provocations, program }) => provocations.flatMap((provocation) => flawsOf(provocation, program)))).toEqual([]);
    const without = tried.filter(({ provocations }) => provocations.length === 0).map(({ hazard }) => `${hazard.function}:${hazard.span.line}`);
    expect(without.length / tried.length).toBeLessThan(0.2);
  });

  it("gives no provocation for a hazard of another program", () => {
    const hazard = found.flatMap((result) => result.hazards)[0] as Hazard;
    expect(rule.provoke(hazard, audit("x = 1\n", rule).program)).toEqual([]);
  });
});
