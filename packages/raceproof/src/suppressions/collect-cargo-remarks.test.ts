// What comments in a manifest of Cargo's speak about.
import { describe, expect, it } from "vitest";
import { collectCargoRemarks } from "./index.ts";

function scopesIn(text: string, path = "Cargo.toml"): string[] {
  return collectCargoRemarks([{ path, bytes: Buffer.from(text) }]).map(({ line, scope, content }) => {
    const place = scope ? `${scope.from}-${scope.to}` : "nothing";
    return content.kind === "allow" ? `${line}: ${place} ${content.rules.join("+")} ${content.reason}` : `${line}: ${content.kind}`;
  });
}

const allow = "# raceproof: allow[cargo/known-defect] why";

describe("a remark in a manifest speaks about", () => {
  it.each([
    ["its line", `[dependencies]\npyo3 = "0.18" ${allow}\n`, ["2: 2-2 cargo/known-defect why"]],
    ["the line below", `[dependencies]\n${allow}\n\npyo3 = "0.18"\n`, ["2: 4-4 cargo/known-defect why"]],
    ["the table below", `${allow}\n[dependencies.pyo3]\nversion = "0.18"\n\n[profile.release]\n`, ["1: 2-4 cargo/known-defect why"]],
    ["nothing at the end", `[dependencies]\n${allow}\n`, ["2: nothing cargo/known-defect why"]],
    ["nothing inside a string", `[package]\ndescription = "${allow}"\nname = '${allow}'\n`, []],
  ])("%s", (_what, text, expected) => {
    expect(scopesIn(text)).toEqual(expected);
  });

  it("only there", () => {
    expect(scopesIn(`[a]\nb = 1 ${allow}\n`, "pyproject.toml")).toEqual([]);
  });
});
