// Descriptors in, where the objects lie that they keep: what is unknown about the managed object stays unknown elsewhere.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

describe("what a descriptor keeps", () => {
  it("lies on the object that it manages, in a place of its own", () => {
    const { accesses } = programOf(
      "class kept:\n  def __get__(self, obj, type=None):\n    return obj.__dict__[self.name]\n\n  def other(self, obj):\n    return obj.__dict__[self.name]\n",
    );
    expect(accesses("kept.__get__")[0]).toContain("kept.__dict__");
    expect(accesses("kept.other").join(" ")).not.toContain("__dict__");
  });
});
