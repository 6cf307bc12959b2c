// What people get wrong in a driver file, in one line each.
import { describe, expect, it } from "vitest";
import { findDriverProblem } from "./driver-format.ts";

const good = "def setup():\n    return []\n\ndef operation_a(state):\n    pass\n\ndef operation_b(state):\n    pass\n";

describe("a driver", () => {
  it.each([
    ["with two operations", good],
    ["without setup", "def operation_a():\n    pass\ndef operation_b():\n    pass\n"],
    ["with a list of threads", "def f(s):\n    pass\nthreads = [[f], [f]]\n"],
    ["with one operation and garbage collection", "def operation_a():\n    pass\ncollects_garbage = True\n"],
    ["with Windows line ends", good.replaceAll("\n", "\r\n")],
    ["with default values", "def operation_a(state, x=1):\n    pass\ndef operation_b(state, *rest):\n    pass\n"],
  ])("%s passes", (_, source) => {
    expect(findDriverProblem(source)).toBeUndefined();
  });

  it.each([
    ["", undefined, "no operations"],
    ["class A:\n    def operation_a(self):\n        pass\n    def operation_b(self):\n        pass\n", undefined, "no operations"],
    ["\ndef operation_a(state):\n    pass\n", 2, "one operation is not enough"],
    [good.replace("def setup()", "def setup(fs)"), 1, "setup() takes no parameter"],
    [good.replace("def operation_b(state)", "def operation_b(state, other)"), 7, "operation_b takes 2 parameters"],
    [good.replace("def operation_b", "async def operation_b"), 7, "operation_b is asynchronous"],
  ])("is refused: %j", (source, line, message) => {
    expect(findDriverProblem(source)).toEqual({ line, message: expect.stringContaining(message) });
  });
});
