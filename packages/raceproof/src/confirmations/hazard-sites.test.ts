// To which hazard a failing execution belongs, case by case.
import { describe, expect, it } from "vitest";
import type { Access, AccessKind, Hazard, Plan, TraceEvent } from "../vocabulary/index.ts";
import type { SwitchSite } from "./agent-messages.ts";
import { findHazardSites, isExercisedBy, mayBeExercisedBy, isFailureOf, pairsThroughCallees, type Provenance } from "./hazard-sites.ts";

function site(key: string, line: number, rest: Partial<SwitchSite> = {}): SwitchSite {
  return {
    key,
    module: "pkg.mod",
    function: "Cls.method",
    file: "/base/pkg/mod.py",
    line,
    column: 0,
    access: "read",
    text: "self.items",
    threads: [0, 1],
    conflict: true,
    ...rest,
  };
}

function access(line: number, rest: Partial<Access> = {}): Access {
  const span = { file: "pkg/mod.py", line, column: 0, endLine: line, endColumn: 80 };
  return {
    span,
    function: "Cls.method",
    kind: "read",
    location: { key: "k", ownerKind: "instance", owner: "pkg.mod:Cls", path: "items[]", display: "Cls.items" },
    lockset: [],
    ...rest,
  };
}

function hazard(...accesses: readonly Access[]): Hazard {
  const [first = access(1)] = accesses;
  return {
    id: "h",
    fingerprint: "f",
    structure: "s",
    rule: "r",
    language: "python",
    severity: "crash",
    confidence: "high",
    reach: "latent",
    span: first.span,
    function: first.function,
    location: first.location,
    message: "",
    accesses,
    evidence: [],
  };
}

/** "0 check" is thread 0 at the site `check`, all on one object and name unless told otherwise. */
function trace(...events: readonly string[]): TraceEvent[] {
  return events.map((text) => {
    const [thread = "0", key = "", object = "1", name = "items"] = text.split(" ");
    return { thread: Number(thread), site: key, file: "/base/pkg/mod.py", line: 1, object: Number(object), name: name === "-" ? null : name };
  });
}

const kinds: Readonly<Record<string, AccessKind>> = { check: "check", act: "write", other: "write", look: "read" };
const sites = [
  site("check", 10, { access: "check" }),
  site("act", 12, { access: "write" }),
  site("other", 40, { access: "write", function: "Cls.other" }),
  site("look", 50, { function: "Cls.look" }),
];
const checkThenAct = hazard(access(10), access(12), access(40, { function: "Cls.other", kind: kinds["other"] ?? "write" }));
const anyDriver: Provenance = { kind: "other driver" };

function belongs(
  events: readonly TraceEvent[],
  { to = checkThenAct, plan = [], traceback = [], from = anyDriver }: { to?: Hazard; plan?: Plan; traceback?: readonly string[]; from?: Provenance } = {},
): boolean {
  return isFailureOf(to, { plan, trace: events, traceback }, sites, from);
}

describe("a failure", () => {
  it.each([
    ["a write between check and act", trace("0 check", "1 other", "0 act"), true],
    ["a read between two writes of the suspect", trace("0 act", "1 look", "0 act"), true],
    ["a suspect write between two reads elsewhere", trace("0 look", "1 act", "0 look"), true],
    ["only reads", trace("0 check", "1 look", "0 check"), false],
    ["another object in between", trace("0 check", "1 other 2", "0 act"), false],
    ["another name in between", trace("0 check", "1 other 1 size", "0 act"), false],
    ["a whole container against one of its keys", trace("0 check 1 -", "1 other 1 key", "0 act 1 -"), true],
    ["no overtaking", trace("0 check", "0 act", "1 other"), false],
    ["an overtaking of other functions' accesses only", trace("0 other", "1 other", "0 look"), false],
    ["objects without identity", trace("0 check 0", "1 other 0", "0 act 0"), false],
  ])("with %s", (_, events, expected) => {
    expect(belongs(events)).toBe(expected);
  });

  it("belongs to a hazard that a thread stopped at and was overtaken at", () => {
    const events = trace("0 look 9", "1 other", "0 act");
    expect(belongs(events)).toBe(false);
    expect(belongs(events, { plan: [{ thread: 0, until: { site: "act", occurrence: 1 } }] })).toBe(true);
    expect(belongs(events, { plan: [{ thread: 1, until: { site: "act", occurrence: 1 } }] })).toBe(false);
  });

  it("belongs to a hazard whose suspect line its exception passes through", () => {
    expect(belongs(trace("0 look"), { traceback: ["/base/pkg/mod.py:12 method", "/lib/heapq.py:3 pop"] })).toBe(true);
    expect(belongs(trace("0 look"), { traceback: ["/base/pkg/mod.py:40 other"] })).toBe(false);
    expect(belongs(trace("0 look"), { traceback: ["/base/pkg/another.py:12 method"] })).toBe(false);
  });

  it("that ended the process belongs to the hazard at whose access the thread stood", () => {
    expect(belongs([], { plan: [{ thread: 0, until: { site: "check", occurrence: 1 } }] })).toBe(true);
    expect(belongs([], { plan: [{ thread: 0, until: { site: "look", occurrence: 1 } }] })).toBe(false);
  });

  it("inside callees belongs to the hazard only if its own driver calls its function", () => {
    const throughCallee = hazard(access(99), access(40, { function: "Cls.other" }));
    const events = trace("0 other", "1 other", "0 other");
    const source = "def setup():\n    return method()\n\ndef operation_a(state):\n    state.METHOD()\n";
    expect(belongs(events, { to: throughCallee })).toBe(false);
    expect(belongs(events, { to: throughCallee, from: { kind: "own driver", source } })).toBe(false);
    expect(belongs(events, { to: throughCallee, from: { kind: "own driver", source: source.replace("METHOD", "method") } })).toBe(true);
  });
});

describe("pairs through callees", () => {
  /** Accesses of `Cls.other`, reached through the given line of the suspect function, or through none. */
  const through = (...lines: readonly (number | undefined)[]): TraceEvent[] =>
    trace("0 other", "1 other", "0 other").map((event, index) => ({
      ...event,
      line: 40,
      callers: lines[index] === undefined ? [] : [["/base/pkg/mod.py", lines[index]] as const, ["/base/pkg/mod.py", 70] as const],
    }));
  const pairsOf = (...lines: readonly (number | undefined)[]): number =>
    pairsThroughCallees(checkThenAct, { plan: [], trace: through(...lines), traceback: [] }, sites).length;

  it("are made on two suspect lines with another thread in between", () => {
    expect(pairsOf(10, undefined, 12)).toBe(1);
  });

  it("are none within one call, or on lines that are not suspect", () => {
    expect(pairsOf(12, undefined, 12)).toBe(0);
    expect(pairsOf(10, undefined, 30)).toBe(0);
  });

  it("are about the hazard's location", () => {
    const named = sites.map((one) => (one.key === "other" ? { ...one, text: "self.size" } : one));
    expect(pairsThroughCallees(checkThenAct, { plan: [], trace: through(10, undefined, 12), traceback: [] }, named)).toEqual([]);
  });
});

describe("the switch points of a hazard", () => {
  it("are on its lines, in its file and about its location", () => {
    const all = [
      ...sites,
      site("alias", 12, { text: "local[]" }),
      site("neighbor", 12, { text: "self.size", conflict: false }),
      site("elsewhere", 10, { file: "/base/pkg/other.py" }),
      site("calm", 40, { conflict: false }),
    ];
    const { own, active } = findHazardSites(checkThenAct, all);
    expect(own.map(({ key }) => key)).toEqual(["check", "act", "other", "alias", "calm"]);
    expect(active).toEqual(["check", "act", "other", "alias"]);
  });

  it("count as exercised when the suspects themselves conflict", () => {
    expect(isExercisedBy(checkThenAct, sites, "")).toBe(true);
    expect(isExercisedBy(checkThenAct, [site("check", 10, { conflict: false }), site("other", 40)], "")).toBe(false);
    expect(isExercisedBy(hazard(access(99), access(40, { function: "Cls.other" })), sites, "def operation_a(s):\n    s.method()\n")).toBe(true);
    expect(isExercisedBy(hazard(access(99), access(40, { function: "Cls.other" })), sites, "def operation_a(s):\n    s.look()\n")).toBe(false);
    expect(mayBeExercisedBy(hazard(access(99), access(40, { function: "Cls.other" })), sites, "")).toBe(true);
    expect(mayBeExercisedBy(hazard(access(99), access(40, { function: "Cls.other" })), sites.slice(2), "")).toBe(false);
  });
});
