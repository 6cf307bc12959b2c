// Texts of guards: Python reads back what was meant, and a static guard finds a shape, from the command line on.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rules } from "../rules/index.ts";
import type { ParallelWorkload, Witness } from "../vocabulary/index.ts";
import { main } from "../cli/index.ts";
import { renderParallelGuard, renderReplayGuard, renderStaticGuard } from "./index.ts";
import { pythonLiteral, pythonText } from "./python-literal.ts";

const folder = mkdtempSync(join(tmpdir(), "raceproof-guards-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function python(program: string): string {
  const run = spawnSync("python3", ["-"], { input: program, encoding: "utf8" });
  expect(run.stderr).toBe("");
  return run.stdout;
}

const witness: Witness = {
  schemaVersion: 2,
  subject: "counters==1.0",
  instrument: ["counters"],
  sources: {},
  driver: { name: "lost-update.py", source: '"""Says \\n \'hello\' – 🧵."""\n\n\ndef operation_a():\n    pass\n' },
  plan: [
    { thread: 0, until: { site: "counters:Counter.add:write:self.value", occurrence: 2 } },
    { thread: 1, until: null },
  ],
  failure: { kind: "outcome", summary: 'results "that" no serial order gives' },
  outcome: { id: "0", threads: [], state: "", ending: "finished", detail: "" },
  serial: [],
  trace: [],
  runtime: "cpython-3.12.1",
  preemptions: 1,
};

describe("Python literals", () => {
  it.each([[null], [true], [[1, "two", null, false]], [{ a: [{ b: "c".repeat(200) }], "d\n\u2028": [] }], ["quote \" and ' and \\ and 🧵 and \u0007"]])(
    "of %j are read back",
    (value) => {
      expect(JSON.parse(python(`import json\nprint(json.dumps(${pythonLiteral(value)}))`))).toEqual(value);
    },
  );

  it.each(["plain\ntext\n", "it's '''quoted'''\n", "ends with a quote'", "back\\slash \\n\n", "ends with \\", "carriage\r\nreturn"])(
    "of the text %j are read back",
    (text) => {
      expect(JSON.parse(python(`import json\nprint(json.dumps(${pythonText(text)}))`))).toBe(text);
    },
  );
});

describe("a replay guard", () => {
  it("hands driver and plan to the plugin as they were", () => {
    const guard = renderReplayGuard(witness);
    expect(guard.name).toBe("test_race_lost_update.py");
    const program = `${guard.text}
class Raceproof:
    def guard(self, **given):
        import json
        print(json.dumps(given))
test_race_lost_update(Raceproof())
`;
    expect(JSON.parse(python(program))).toEqual({
      driver: witness.driver.source,
      instrument: witness.instrument,
      plan: witness.plan,
      failure: witness.failure.summary,
    });
  });

  it("has a name whatever the driver is called", () => {
    expect(renderReplayGuard({ ...witness, driver: { ...witness.driver, name: "…" } }).name).toBe("test_race_witness.py");
  });
});

describe("a parallel guard", () => {
  const workload: ParallelWorkload = {
    driver: { name: "r.add(i) against r.clear()", source: "def operation_0():\n    pass\n" },
    locked: { name: "", source: "" },
    failure: "heap-use-after-free reading at a.c:1",
    runtime: "cpython-3.13.5t",
  };
  const rate = { runtime: "cpython-3.13.5t", race: { failing: 15, hung: 2, runs: 20 }, control: { failing: 0, runs: 5 } };

  it("hands its workload to the plugin, and says that it passes by chance and how often it does not", () => {
    const guard = renderParallelGuard({ workload, subject: "pkg==1.0", withoutGil: true, rate });
    expect(guard.name).toBe("test_parallel_r_add_i_against_r_clear.py");
    expect(guard.text).toContain("# PROBABILISTIC");
    expect(guard.text).toContain("15 of 20 runs on that code failed (95 % interval, Wilson: 53-89 %; 2 of them hung)");
    const program = `${guard.text}\nimport json\ntest_parallel_r_add_i_against_r_clear(lambda **given: print(json.dumps(given)))\n`;
    expect(JSON.parse(python(program))).toEqual({
      driver: workload.driver.source,
      failure: workload.failure,
      caught: [15, 20],
      processes: 5,
      seconds: 1,
      without_gil: true,
    });
  });
});

describe("a static guard", () => {
  const known = rules.map(({ metadata }) => metadata);
  const update = known.find(({ guardedShape }) => guardedShape === "update")?.id ?? "";

  it("refuses rules that syntax cannot tell", () => {
    const unguarded = known.find(({ guardedShape }) => guardedShape === undefined)?.id ?? "";
    expect(() => renderStaticGuard({ modules: ["m"], rules: [unguarded], known, names: [], accepted: {}, checker: "" })).toThrow(
      `syntax alone cannot guard ${unguarded}`,
    );
  });

  it("knows every shape once", () => {
    const shapes = known.flatMap(({ guardedShape }) => guardedShape ?? []);
    expect(new Set(shapes).size).toBe(shapes.length);
    const checker = readFileSync(new URL("../../../../python/static-guard/checker/places.py", import.meta.url), "utf8");
    expect(shapes.filter((shape) => !checker.includes(`"${shape}"`))).toEqual([]);
  });

  it.each([
    ["self.n += 1", 1, "1 flagged"],
    ["with self._lock:\n            self.n += 1", 0, "0 flagged"],
    ["self.n += 1  # thread_safe_ok: one thread only", 0, "0 flagged, 1 waived (1 by comments)"],
    ["pass  # thread_safe_ok: was needed once", 1, "0 flagged, 0 waived (0 by comments), 1 stale"],
  ])("checks at once: %s", async (body, code, text) => {
    writeFileSync(join(folder, "counters.py"), `class Counter:\n    def add(self):\n        ${body}\n`);
    const output = join(folder, "result.txt");
    expect(await main(["guard", "--check", "--rules", update, "--names", "n", join(folder, "counters.py"), "-o", output, "-q"])).toBe(code);
    expect(readFileSync(output, "utf8")).toContain(text);
  });

  it("accepts what is there, and nothing more", async () => {
    const module = join(folder, "totals.py");
    const guard = join(folder, "test_totals.py");
    const body = "class Total:\n    def add(self):\n        self.n += 1\n";
    writeFileSync(module, body);
    expect(await main(["guard", "--static", "--accept-present", "--rules", update, module, "-o", guard, "-q"])).toBe(0);
    const check = (): string => spawnSync("python3", [guard, module], { encoding: "utf8" }).stdout.trim().split("\n").at(-1) ?? "";
    expect(check()).toBe("0 flagged, 0 waived (0 by comments), 0 stale, 0 problems");
    writeFileSync(module, `# moved\n${body}        self.n += 2\n`);
    expect(check()).toBe("1 flagged, 0 waived (0 by comments), 0 stale, 0 problems");
    writeFileSync(module, "class Total:\n    pass\n");
    expect(check()).toBe("0 flagged, 0 waived (0 by comments), 1 stale, 0 problems");
  });
});
