// Enters: a pair of the corpus and the findings on its two versions, as in the JSON report. Leaves: whether the race was found before the fix and is silent
// after it. It does not judge whether a finding elsewhere in the package is right: only the functions that the fix changed count.

const rank = { low: 0, medium: 1, high: 2 };
const shown = ({ confidence }) => rank[confidence] >= rank.medium;

/** Function names differ only in how a nested one is written. */
const plain = (name) => name.replaceAll(".<locals>", "");

/** "pool._conns" and "_conns" mean the same attribute; a subscript is part of its container; "warning filters" is about filters. */
const lastName = (display) => display.replace(/\[.*$/, "").split(/[. ]/).at(-1);

/** A wheel has no src folder, and a repository has folders above the project. */
const isSameFile = (one, other) => one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);

function inFixedFunction(pair, { file, function: within }) {
  return isSameFile(file, pair.file) && pair.functions.includes(plain(within));
}

const describe = ({ rule, confidence, function: within, location, line, evidence }) => ({ rule, confidence, function: within, location, line, evidence });
const key = ({ rule, location }) => `${rule} ${lastName(location)}`;

/**
 * `verdict` is "OK" (found before, silent after), "MISSED" (nothing about this race at medium confidence in the fixed functions before)
 * or "STILL" (found before and reported after). Findings about the raced location decide; when there are none, those about other
 * locations that the fix made go away. One that stays as it was is about something else. `restInFunction` counts everything that is
 * still reported in the fixed functions.
 */
export function judgePair(pair, before, after) {
  const here = before.filter((finding) => inFixedFunction(pair, finding)).map(describe);
  const left = after.filter((finding) => inFixedFunction(pair, finding) && shown(finding)).map(describe);
  const stays = (finding) => left.some((each) => key(each) === key(finding));
  const found = here.filter(shown);
  const onLocation = found.filter(({ location }) => lastName(location) === lastName(pair.location));
  const deciding = onLocation.length > 0 ? onLocation : found.filter((finding) => !stays(finding));
  const keys = new Set(deciding.map(key));
  const still = left.filter((finding) => keys.has(key(finding)));
  return {
    name: pair.name,
    verdict: deciding.length === 0 ? "MISSED" : still.length > 0 ? "STILL" : "OK",
    onLocation: onLocation.length > 0,
    found: deciding,
    still,
    restInFunction: left.length,
    hidden: here.filter((finding) => !shown(finding)),
    near: before.filter((finding) => shown(finding) && !inFixedFunction(pair, finding) && finding.accesses.some((access) => inFixedFunction(pair, access))).map(describe),
  };
}

/** Sums over all judged pairs; a race found but not silenced counts for recall and against silence. */
export function countVerdicts(judgments) {
  const count = (verdict) => judgments.filter((judgment) => judgment.verdict === verdict).length;
  const [ok, missed, still] = ["OK", "MISSED", "STILL"].map(count);
  return { pairs: judgments.length, found: ok + still, foundOnLocation: judgments.filter(({ onLocation }) => onLocation).length, ok, missed, still };
}
