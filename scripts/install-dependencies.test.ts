// When an installed tree counts as equal to the lock.
import { describe, expect, it } from "vitest";
import { satisfiesLock } from "./install-dependencies.mjs";

const wanted = {
  "": { name: "workspace" },
  "node_modules/own": { link: true },
  "node_modules/tool": { version: "1.0.0", integrity: "a" },
  "node_modules/tool-darwin": { version: "1.0.0", optional: true },
};
const tool = { version: "1.0.0", integrity: "a" };

describe("an installed tree", () => {
  it.each([
    ["with every package of this platform", { "node_modules/tool": tool }, true],
    ["with another platform's package too", { "node_modules/tool": tool, "node_modules/tool-darwin": { version: "1.0.0", integrity: "b" } }, true],
    ["that is empty", {}, false],
    ["with an old version", { "node_modules/tool": { version: "0.9.0", integrity: "a" } }, false],
    ["with other content of the same version", { "node_modules/tool": { version: "1.0.0", integrity: "z" } }, false],
    ["with an old optional package", { "node_modules/tool": tool, "node_modules/tool-darwin": { version: "0.9.0" } }, false],
  ])("%s: %o", (_name, installed, isEqual) => {
    expect(satisfiesLock(installed, wanted)).toBe(isEqual);
  });
});
