// One comment at a time: what is understood, what is refused and why, what means nothing.
import { describe, expect, it } from "vitest";
import { readRemark } from "./remark.ts";

describe("a comment addressed to raceproof", () => {
  it.each([
    ["# raceproof: allow[check-then-act] one thread only", ["check-then-act"], "one thread only", undefined],
    ["#raceproof:allow[python/a, b] - reviewed by two", ["python/a", "b"], "reviewed by two", undefined],
    ["# raceproof: allow[all] until=2027-01-31 the loader is rewritten", ["all"], "the loader is rewritten", "2027-01-31"],
    ["# raceproof: allow[a] the loader is rewritten until=2027-01-31", ["a"], "the loader is rewritten", "2027-01-31"],
  ])("%s", (text, rules, reason, until) => {
    expect(readRemark(text)).toEqual({ kind: "allow", rules, reason, until });
  });

  it.each([
    ["# raceproof: allow[a]", "reason is missing"],
    ["# raceproof: allow[a] until=2027-01-31", "reason is missing"],
    ["# raceproof: allow[] why", "no rule"],
    ["# raceproof: allow why", "not understood"],
    ["# raceproof: alow[a] why", "not understood"],
    ["# raceproof: allow[a] why until=31.1.2027", "no date"],
    ["# raceproof: allow[a] why until=2027-02-30", "no date"],
  ])("%s is refused", (text, problem) => {
    expect(readRemark(text)).toMatchObject({ kind: "malformed", problem: expect.stringContaining(problem) as unknown });
  });
});

describe("a comment in other words", () => {
  it.each([
    ["# thread_safe_ok", "foreign"],
    ["# noqa: E501, PLW2101", "foreign"],
    ["# pylint: disable=line-too-long,useless-with-lock", "foreign"],
    ["# threadcheck: ignore", "foreign"],
    ["# guarded by: self._lock", "guarded-by"],
    ["# GUARDED_BY(_lock)", "guarded-by"],
    ["# this is thread-safe because of the queue", "intent"],
    ["# intentional", "intent"],
    ["# the race is intentional: last writer wins", "intent"],
    ["# benign race", "intent"],
  ])("%s: %s", (text, kind) => {
    expect(readRemark(text)?.kind).toBe(kind);
  });

  it.each([
    "# noqa",
    "# noqa: E501",
    "# nosec",
    "# nosec B101",
    "# not thread-safe",
    "# this isn't thread safe",
    "# TODO: make this thread-safe",
    "# is this thread safe?",
    "# thread-unsafe",
    "# intentionally left blank",
    "# a benign default",
    "# the lock is held",
  ])("%s means nothing", (text) => {
    expect(readRemark(text)).toBeUndefined();
  });
});
