// Made-up rules over a real, tiny program: what the room does with what rules find.
import { describe, expect, it } from "vitest";
import { extractProgram } from "../facts/index.ts";
import { createNameTable, parsePython } from "../sources/index.ts";
import type { Confidence, Hazard, Program, Rule } from "../vocabulary/index.ts";
import { findHazards, isAtLeast } from "./index.ts";

const source = "class C:\n    def f(self):\n        self.a = 1\n        self.b = 2\n        self.a = 3\n    def g(self):\n        self.a = 4\n";
const tree = parsePython(new TextEncoder().encode(source), createNameTable());
const { program } = extractProgram([{ path: "m.py", modulePath: "m.py", tree }]);

const metadata = (id: string): Rule["metadata"] => ({ id, title: "", severity: "leak", consequence: "", sources: [], since: "0", fixes: [] });

/** A rule that reports every access, in reverse, with the confidence chosen by line. */
function ruleOf(id: string, confidence: (line: number) => Confidence = () => "high", fingerprint = (line: number): string => `${id}${line}`): Rule {
  const find = (of: Program): Hazard[] =>
    of.functions
      .flatMap((fn) => fn.accesses)
      .toReversed()
      .map((access) => ({
        id: `${id}:${fingerprint(access.span.line)}`,
        fingerprint: fingerprint(access.span.line),
        structure: id,
        rule: id,
        language: "python",
        severity: "leak",
        confidence: confidence(access.span.line),
        reach: "latent",
        span: access.span,
        function: access.function,
        location: access.location,
        message: "",
        accesses: [access],
        evidence: [],
      }));
  return { metadata: metadata(id), find, provoke: () => [] };
}

const placesOf = (hazards: readonly Hazard[]): string[] => hazards.map(({ rule, span }) => `${rule}:${span.line}`);

describe("hazards", () => {
  it("come sorted by rule, then file and line", () => {
    expect(placesOf(findHazards(program, [ruleOf("python/z"), ruleOf("python/a")]))).toEqual([
      ...[3, 4, 5, 7].map((line) => `python/a:${line}`),
      ...[3, 4, 5, 7].map((line) => `python/z:${line}`),
    ]);
  });

  it("found twice at one place are one, with the stronger belief", () => {
    const twice: Rule = {
      ...ruleOf("python/a"),
      find: (of) => (["low", "high", "medium"] as const).flatMap((confidence) => ruleOf("python/a", () => confidence).find(of)),
    };
    const hazards = findHazards(program, [twice]);
    expect(placesOf(hazards)).toEqual([3, 4, 5, 7].map((line) => `python/a:${line}`));
    expect(hazards.map(({ confidence }) => confidence)).toEqual(["high", "high", "high", "high"]);
  });

  it("at one line of two functions or locations stay apart", () => {
    const sameLine: Rule = {
      ...ruleOf("python/a"),
      find: (of) =>
        ruleOf("python/a")
          .find(of)
          .map((hazard) => ({ ...hazard, span: { ...hazard.span, line: 3 } })),
    };
    const found = findHazards(program, [sameLine]).map((hazard) => `${hazard.function} ${hazard.location.display}`);
    expect(found.toSorted()).toEqual(["C.f C.a", "C.f C.b", "C.g C.a"]);
  });

  it("with equal fingerprints get numbered ids and fingerprints", () => {
    const twins = findHazards(program, [ruleOf("python/a", undefined, () => "same")]);
    expect(twins.map(({ id }) => id)).toEqual(["python/a:same", "python/a:same-2", "python/a:same-3", "python/a:same-4"]);
    expect(new Set(twins.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  it("of a general rule give way to those of a narrower one that are no less sure", () => {
    const rule = ruleOf("python/wide", () => "medium");
    const wide: Rule = { ...rule, metadata: { ...rule.metadata, general: true } };
    const narrow = ruleOf("python/narrow", (line) => (line === 7 ? "low" : "high"));
    expect(placesOf(findHazards(program, [wide, narrow])).filter((place) => place.startsWith("python/wide"))).toEqual(["python/wide:7"]);
    expect(placesOf(findHazards(program, [wide]))).toHaveLength(4);
  });

  it("of no rules are none", () => {
    expect(findHazards(program, [])).toEqual([]);
  });

  it.each([
    ["high", "high", true],
    ["high", "low", true],
    ["medium", "high", false],
    ["low", "medium", false],
    ["low", "low", true],
  ] as const)("of confidence %s are at least %s: %s", (confidence, minimum, expected) => {
    const [hazard] = findHazards(program, [ruleOf("python/a", () => confidence)]);
    expect(isAtLeast(hazard as Hazard, minimum)).toBe(expected);
  });

  it("of one rule, function and attribute that are many are one, with all accesses", () => {
    const text = `class C:\n    def f(self):\n${[1, 2, 3, 4].map((value) => `        self.a = ${value}\n`).join("")}        self.b = 5\n`;
    const many = extractProgram([{ path: "m.py", modulePath: "m.py", tree: parsePython(new TextEncoder().encode(text), createNameTable()) }]).program;
    const hazards = findHazards(many, [ruleOf("python/a", (line) => (line === 5 ? "high" : "low"))]);
    expect(placesOf(hazards)).toEqual(["python/a:5", "python/a:7"]);
    expect(hazards[0]?.accesses.map(({ span }) => span.line)).toEqual([5, 3, 4, 6]);
    expect(hazards[0]?.message).toContain("also at 3, 4, 6");
  });

  it("about many settings of one class in one function are one", () => {
    const text = `class C: pass\ndef f():\n${["a", "b", "c", "d"].map((name) => `    C.${name} = 1\n`).join("")}`;
    const many = extractProgram([{ path: "m.py", modulePath: "m.py", tree: parsePython(new TextEncoder().encode(text), createNameTable()) }]).program;
    const hazards = findHazards(many, [ruleOf("python/a")]);
    expect(placesOf(hazards)).toEqual(["python/a:3"]);
    expect(hazards[0]?.message).toContain("likewise C.b, C.c, C.d");
  });
});
