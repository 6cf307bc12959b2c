// Site keys and trace paths in words.
import { describe, expect, it } from "vitest";
import { parseSite, portableFile } from "./site-names.ts";

describe("parseSite", () => {
  it.each([
    ["pkg.mod:Cls.f:write:self.last_number", { module: "pkg.mod", function: "Cls.f", access: "write", text: "self.last_number" }],
    ["pkg.mod:f:read:d['a:b']#2", { module: "pkg.mod", function: "f", access: "read", text: "d['a:b']" }],
    ["pkg:f:iterate:a\nb", { module: "pkg", function: "f", access: "iterate", text: "a\nb" }],
    ["@acquire", { module: "", function: "", access: "schedule", text: "acquire" }],
    ["pkg:f:juggle:x", { module: "", function: "", access: "schedule", text: "pkg:f:juggle:x" }],
  ])("reads %j", (key, site) => {
    expect(parseSite(key)).toEqual(site);
  });
});

describe("portableFile", () => {
  it.each([
    ["/srv/site-packages/pkg/mod.py", "pkg.mod", "pkg/mod.py"],
    ["/srv/site-packages/pkg/__init__.py", "pkg", "pkg/__init__.py"],
    ["C:\\pythons\\pkg\\mod.py", "pkg.mod", "pkg/mod.py"],
    ["src/pkg/mod.py", "pkg.mod", "src/pkg/mod.py"],
    ["/tmp/raceproof-x/driver.py", "raceproof_driver", "driver.py"],
    ["<driver>", "", "<driver>"],
  ])("of %s in %s is %s", (file, module, expected) => {
    expect(portableFile(file, module)).toBe(expected);
  });
});
