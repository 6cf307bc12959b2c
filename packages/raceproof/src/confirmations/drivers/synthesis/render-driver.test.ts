// Provocations in, the text of drivers out: how private methods are named, and what can't be imported for sure.
import { describe, expect, it } from "vitest";
import type { CallRecipe, Provocation } from "../../../vocabulary/index.ts";
import { renderDriver } from "./render-driver.ts";

const touch: CallRecipe = { module: "shop", qualifiedName: "_Box.__touch", receiver: { kind: "shared", name: "box" }, arguments: [], use: "call" };
const read = (module: string): CallRecipe => ({ module, qualifiedName: "limit", receiver: undefined, arguments: [], use: "read" });

function sourceOf(...operation: readonly CallRecipe[]): string {
  const shared: Provocation["shared"] = [{ name: "box", value: { kind: "construct", module: "shop", qualifiedName: "_Box", arguments: [] } }];
  return renderDriver("d", { rationale: "r", shared, prefix: [], operations: [operation, operation], through: "internal" }).source;
}

describe("a driver", () => {
  it("calls private methods by the name they have outside of their class", () => {
    expect(sourceOf(touch)).toContain("return state.box._Box__touch()\n");
  });

  it("imports what is only read back if it can be imported", () => {
    const source = sourceOf(touch, read("pathlib.helpers"), read("shop"));
    expect(source).toContain("import contextlib\nimport pathlib\nimport shop\n\nwith contextlib.suppress(ImportError):\n    import pathlib.helpers\n");
    expect(sourceOf(touch, read("shop"))).not.toContain("contextlib");
  });
});
