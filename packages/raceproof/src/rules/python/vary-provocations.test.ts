// Hazards of a small program: in which states their calls are tried.
import { expect, it } from "vitest";
import { auditSources } from "../../audit.ts";
import { rules, varyProvocations } from "../index.ts";

const source = `
class Shelf:
    def __init__(self):
        self.books = {}
        self.ignore_case = False

    def create_book(self, title):
        self.books[title] = 1

    def rename(self, old, new):
        if self.ignore_case:
            old = old.lower()
        if old in self.books:
            self.books[new] = self.books.pop(old)


shelf = Shelf()
`;

const { hazards, program } = auditSources([{ path: "shelf.py", bytes: new TextEncoder().encode(source) }]);
const hazard = hazards.find((each) => each.function === "Shelf.rename" && each.location.path.startsWith("books"));

it("after calls that fill, with flags flipped, with arguments of one call told apart", () => {
  if (hazard === undefined) throw new Error("no hazard in Shelf.rename");
  const rule = rules.find(({ metadata }) => metadata.id === hazard.rule);
  const varied = varyProvocations(hazard, program, rule?.provoke(hazard, program) ?? []);
  const prefixes = varied.map(({ prefix }) =>
    prefix.map(({ qualifiedName, arguments: [first] }) => `${qualifiedName} ${first?.value.kind === "literal" ? first.value.python : ""}`),
  );
  expect(prefixes).toContainEqual(["Shelf.create_book 'a'"]);
  expect(prefixes).toContainEqual(["a", "b", "c", "d", "e"].map((title) => `Shelf.create_book '${title}'`));
  expect(varied.some(({ rationale }) => rationale.endsWith("in the state after 10 times Shelf.create_book"))).toBe(true);
  expect(prefixes).toContainEqual(["Shelf.ignore_case True"]);
  expect(prefixes).toContainEqual(["Shelf.ignore_case True", "Shelf.create_book 'a'"]);
  expect(varied.some(({ operations }) => JSON.stringify(operations[0]?.[0]?.arguments.map(({ value }) => value)).includes(`"'b'"`))).toBe(true);
});

it("on a folder and a file that are there, when the real file system is looked at", () => {
  const bytes = new TextEncoder().encode(`
import os

class Mirror:
    def __init__(self):
        self.known = {}

    def look(self, path):
        if path not in self.known:
            self.known[path] = os.listdir(path)
        return self.known[path]


mirror = Mirror()
`);
  const mirror = auditSources([{ path: "mirror.py", bytes }]);
  const found = mirror.hazards.find((each) => each.function === "Mirror.look");
  if (found === undefined) throw new Error("no hazard in Mirror.look");
  const rule = rules.find(({ metadata }) => metadata.id === found.rule);
  const varied = varyProvocations(found, mirror.program, rule?.provoke(found, mirror.program) ?? []);
  expect(varied[0]?.shared.map(({ name }) => name)).toEqual(["real_folder", "real_file", "mirror"]);
  expect(varied[0]?.operations.flat().map((call) => call.arguments)).toContainEqual([
    { keyword: undefined, value: { kind: "literal", python: "'raceproof-folder'" } },
  ]);
  expect(varied[1]?.rationale).toMatch(/, on a file that is there$/);
});

it("the same provocations give the same states", () => {
  if (hazard === undefined) throw new Error("no hazard in Shelf.rename");
  const rule = rules.find(({ metadata }) => metadata.id === hazard.rule);
  const proposed = rule?.provoke(hazard, program) ?? [];
  expect(varyProvocations(hazard, program, proposed)).toEqual(varyProvocations(hazard, program, proposed));
});
