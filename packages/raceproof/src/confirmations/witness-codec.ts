// Witnesses as text. Two public promises: a JSON file (schemaVersion 2, everything), and a one-line string (what a replay needs).
// The string is `rp2.` and base64url of raw deflate of JSON. Version 1 (without `sources`) is read for ever. Text that is not a witness
// is the user's error, said in one line.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Outcome, runtimeModelNames, UserError, type Witness } from "../vocabulary/index.ts";

const PREFIX = "rp2.";
const VERSIONS: readonly unknown[] = [1, 2];
/** A string of a few kilobytes may unpack to gigabytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The whole witness as a pretty JSON file with a final newline. */
export function renderWitness(witness: Witness): string {
  return `${JSON.stringify(witness, null, 2)}\n`;
}

/** One line to paste: driver, plan and failure. Serial outcomes, trace and state are left out; a replay computes them anew. */
export function encodeWitness(witness: Witness): string {
  const outcome: Outcome = { ...witness.outcome, threads: [], state: "" };
  const lean: Witness = { ...witness, outcome, serial: [], trace: [] };
  return `${PREFIX}${deflateRawSync(JSON.stringify(lean), { level: 9 }).toString("base64url")}`;
}

/** Reads either form. Throws UserError that says what is wrong. */
export function decodeWitness(text: string): Witness {
  const trimmed = text.trim();
  const value = trimmed.startsWith("{") ? parse(trimmed, "the witness file") : parse(unpack(trimmed), "the witness string");
  const problem = problemIn(value);
  if (problem !== undefined) throw broken(problem);
  const witness = value as Omit<Witness, "sources"> & Partial<Witness>;
  return { ...witness, sources: witness.sources ?? {}, schemaVersion: 2 };
}

function unpack(text: string): string {
  const version = /^rp(\d+)\./.exec(text);
  if (version === null) throw broken(text === "" ? "it is empty" : "it begins neither with { nor with rp2.");
  if (!VERSIONS.includes(Number(version[1])))
    throw new UserError(`the witness string is of version ${version[1] ?? ""}; this raceproof reads versions 1 and 2`, "Update raceproof.");
  const packed = text.slice(PREFIX.length);
  const strange = /[^\w-]/.exec(packed);
  if (strange !== null) throw broken(`character ${JSON.stringify(strange[0])} at position ${PREFIX.length + strange.index + 1} cannot be part of it`);
  try {
    return inflateRawSync(Buffer.from(packed, "base64url"), { maxOutputLength: MOST_BYTES }).toString("utf8");
  } catch (error) {
    throw broken(error instanceof RangeError ? "it is too large" : "it is cut off or damaged");
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(`${what} is not JSON (${error instanceof Error ? error.message.split("\n", 1)[0] : ""})`);
  }
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isRecordOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const isUntil: Check = (value) => value === null || isRecordOf({ site: isText, occurrence: (count) => isCount(count) && count !== 0 })(value);
const isDigests: Check = (value) => isRecord(value) && Object.values(value).every(isText);
const failureKinds: readonly unknown[] = ["exception", "outcome", "deadlock", "crash", "invariant"];

const fields: Readonly<Record<string, Check>> = {
  subject: isText,
  instrument: isListOf(isText),
  driver: isRecordOf({ name: isText, source: isText }),
  plan: (value) => isListOf(isRecordOf({ thread: isCount, until: isUntil }))(value) && (value as unknown[]).length > 0,
  failure: isRecordOf({ kind: (kind) => failureKinds.includes(kind), summary: isText }),
  outcome: isRecordOf({ id: isText, threads: Array.isArray, state: isText, ending: isText, detail: isText }),
  serial: Array.isArray,
  trace: Array.isArray,
  runtime: isText,
  model: (name) => name === undefined || (runtimeModelNames as readonly unknown[]).includes(name),
  preemptions: isCount,
  extension: (value) => value === undefined || value === true,
};

function problemIn(value: unknown): string | undefined {
  if (!isRecord(value)) return "it is not an object";
  const version = value["schemaVersion"];
  if (!VERSIONS.includes(version)) return `its schemaVersion is ${JSON.stringify(version) ?? "missing"}, not 1 or 2`;
  if (version !== 1 && !isDigests(value["sources"])) return "its field sources is not what it should be";
  const bad = Object.entries(fields).find(([name, check]) => !check(value[name]));
  return bad === undefined ? undefined : `its field ${bad[0]} is ${value[bad[0]] === undefined ? "missing" : "not what it should be"}`;
}

function broken(problem: string): UserError {
  return new UserError(`this is not a witness: ${problem}`, "Give the content of a witness file or the whole string that begins with rp2.");
}
