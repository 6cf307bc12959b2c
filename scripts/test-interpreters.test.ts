// The choice of interpreters for the agent's tests.
import { describe, expect, it } from "vitest";
import { selectInterpreters } from "./test-interpreters.mjs";

const runtime = (
  version: string,
  implementation = "cpython",
  freeThreaded = false,
): { id: string; version: string; implementation: string; freeThreaded: boolean } => ({
  id: `${implementation}-${version}${freeThreaded ? "t" : ""}`,
  version,
  implementation,
  freeThreaded,
});

const machine = [runtime("3.13.0"), runtime("3.8.18"), runtime("3.9.18"), runtime("3.10.2"), runtime("3.9.16", "pypy"), runtime("3.13.5", "cpython", true)];
const ids = (chosen: readonly { readonly id: string }[]): string[] => chosen.map(({ id }) => id);

describe("test interpreters", () => {
  it("are the ends of the supported range, free-threaded and PyPy", () => {
    expect(ids(selectInterpreters(machine, false))).toEqual(["cpython-3.9.18", "cpython-3.13.0", "cpython-3.13.5t", "pypy-3.9.16"]);
  });

  it("are all supported ones when asked for", () => {
    expect(ids(selectInterpreters(machine, true))).toHaveLength(5);
    expect(ids(selectInterpreters(machine, true))).not.toContain("cpython-3.8.18");
  });

  it("are each taken once", () => {
    expect(ids(selectInterpreters([runtime("3.11.7")], false))).toEqual(["cpython-3.11.7"]);
    expect(selectInterpreters([runtime("3.8.1")], false)).toEqual([]);
  });
});
