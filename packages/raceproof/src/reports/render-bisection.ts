// A bisection in, text out: what was looked at, and the commit that made the difference.
import type { Bisection, JudgedRevision, Revision } from "../vocabulary/index.ts";
import { clip, oneLine, plural } from "./plain-text.ts";

const REASON_LIMIT = 160;

export function renderBisectionJson(bisection: Bisection): string {
  return `${JSON.stringify({ schemaVersion: 1, ...bisection }, null, 2)}\n`;
}

export function renderBisection({ judged, revisions, change }: Bisection): string {
  const lines = judged.map(({ revision, state, reason }) => `${state.padEnd(7)}  ${nameRevision(revision)}\n         ${clip(oneLine(reason), REASON_LIMIT)}`);
  return `${[...lines, "", ...sayChange(change, judged), `${judged.length} of ${plural(revisions, "revision")} looked at.`].join("\n")}\n`;
}

function sayChange(change: Bisection["change"], judged: readonly JudgedRevision[]): string[] {
  if (change === undefined) {
    const words = { racy: "The race is at both ends.", clean: "The race is at neither end.", unknown: "Neither end can be judged." } as const;
    return [words[judged[0]?.state ?? "unknown"]];
  }
  const { before, after, skipped } = change;
  const name = nameRevision(after.revision);
  const others = skipped.length === 0 ? [] : ["or by one of these, which cannot be judged:", ...skipped.map((revision) => `  ${nameRevision(revision)}`)];
  if (before.state === "unknown") return [`It is ${after.state} from ${name} on.`, `The revision before that cannot be judged: ${oneLine(before.reason)}`];
  if (after.state === "unknown")
    return [`It is ${before.state} up to ${nameRevision(before.revision)}.`, `The revision after that cannot be judged: ${oneLine(after.reason)}`];
  return [`The race was ${after.state === "racy" ? "brought" : "removed"} by ${name}`, ...others];
}

function nameRevision({ commit, date, author, subject }: Revision): string {
  return oneLine(`${commit.slice(0, 12)} ${date} ${author}: ${subject}`);
}
