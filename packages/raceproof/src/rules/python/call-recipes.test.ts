// What calls are given where static facts name a class that cannot be built.
import { expect, it } from "vitest";
import { auditSources } from "../../audit.ts";
import { CallRecipes } from "./call-recipes.ts";

const source = `
from typing import Protocol


class Keyed(Protocol):
    def keys(self): ...


class Named(Protocol):
    name: str


class Store:
    def fill(self, source: Keyed, owner: Named):
        pass
`;

it("a mapping stands for a protocol with keys, a plain value for any other", () => {
  const { program } = auditSources([{ path: "store.py", bytes: new TextEncoder().encode(source) }]);
  const fn = program.functions.find(({ qualifiedName }) => qualifiedName === "Store.fill");
  if (fn === undefined) throw new Error("no Store.fill");
  const values = new CallRecipes(program, "same").call(fn, 0).arguments.map(({ value }) => value);
  expect(values).toEqual([
    { kind: "literal", python: "{'a': 1, 'b': 2}" },
    { kind: "literal", python: "'a'" },
  ]);
});
