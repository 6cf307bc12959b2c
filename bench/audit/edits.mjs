// Whether an audit after an edit says what an audit from scratch says: random edits of the Python files of a folder (in memory; the folder
// stays as it is), each audited with what is stored and from scratch, and compared as JSON. Prints how many were equal, and how many were
// answered from modules near the edit. Ends with 1 when two differ. Needs a build (npm run build).
// Usage: node bench/audit/edits.mjs FOLDER [--edits N] [--seed N]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { inRepository } from "../../scripts/repository.mjs";

const {
  values: options,
  positionals: [folder = "."],
} = parseArgs({ allowPositionals: true, options: { edits: { type: "string", default: "100" }, seed: { type: "string", default: "1" } } });
const built = (path) => import(inRepository("packages", "raceproof", "dist", path));
const [{ auditFiles }, { auditStored }] = await Promise.all([built("audit.js"), built("stored-audit.js")]);

/** Mulberry32: small, and the same everywhere. */
let state = Number(options.seed);
function random(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}
const oneOf = (list) => list[random(list.length)];

const linesWith = (lines, pattern) => lines.flatMap((line, at) => (pattern.test(line) ? [at] : []));
const indentOf = (line) => /^\s*/.exec(line)[0];
const bodyOf = (line) => `${indentOf(line)}    `;
const attributeIn = (text) => oneOf([...text.matchAll(/self\.(\w+)/g)].map(([, name]) => name).concat("count"));
const definition = /^\s*def \w+\(.*\).*:$/;

function inserted(lines, at, ...added) {
  return at === undefined ? undefined : [...lines.slice(0, at + 1), ...added, ...lines.slice(at + 1)];
}

function inBody(lines, statementsFor) {
  const at = oneOf(linesWith(lines, definition));
  return at === undefined ? undefined : inserted(lines, at, ...statementsFor(bodyOf(lines[at])));
}

/** Each takes lines and their text and gives other lines, or undefined where it does not apply. */
const kinds = {
  comment: (lines) => inserted(lines, random(lines.length), "# a remark"),
  constant: (lines) => [...lines, `edited_${random(1000)} = True`],
  "local statement": (lines) => inBody(lines, (indent) => [`${indent}edited = 1`, `${indent}print(edited)`]),
  "update of an attribute": (lines, text) => inBody(lines, (indent) => [`${indent}self.${attributeIn(text)} += 1`]),
  "check of an attribute": (lines, text) => {
    const name = attributeIn(text);
    return inBody(lines, (indent) => [`${indent}if self.${name} is None:`, `${indent}    self.${name} = {}`]);
  },
  "call of a method": (lines, text) => {
    const name = oneOf([...text.matchAll(/def (\w+)\(/g)].map(([, found]) => found));
    return name && inBody(lines, (indent) => [`${indent}self.${name}()`]);
  },
  "removed line": (lines) => lines.toSpliced(random(lines.length), 1),
  "doubled line": (lines) => {
    const at = random(lines.length);
    return inserted(lines, at, lines[at]);
  },
  "new function": (lines) => [...lines, "def edited(items={}):", "    if 1 not in items:", "        items[1] = 2", "    return items"],
  "new method": (lines, text) => inBody(lines, (indent) => [`${indent}pass`, `${indent.slice(4)}def edited(self):`, `${indent}self.${attributeIn(text)} += 1`]),
  "renamed method": (lines) => {
    const at = oneOf(linesWith(lines, definition));
    return at === undefined ? undefined : lines.with(at, lines[at].replace(/def (\w+)/, "def $1_edited"));
  },
  lock: (lines, text) => inBody(lines, (indent) => [`${indent}with self._edited_lock:`, `${indent}    self.${attributeIn(text)} = 1`]),
  thread: (lines, text) => {
    const name = oneOf([...text.matchAll(/def (\w+)\(/g)].map(([, found]) => found));
    return name && inBody(lines, (indent) => [`${indent}import threading`, `${indent}threading.Thread(target=self.${name}).start()`]);
  },
  "removed class": (lines) => {
    const at = oneOf(linesWith(lines, /^class /));
    if (at === undefined) return undefined;
    const length = lines.slice(at + 1).findIndex((line) => /^\S/.test(line));
    return lines.toSpliced(at, length < 0 ? lines.length : length + 1);
  },
  "changed base": (lines) => {
    const at = oneOf(linesWith(lines, /^class \w+(\(.*\))?:/));
    return at === undefined
      ? undefined
      : lines.with(
          at,
          lines[at].replace(/^class (\w+)(\(.*\))?:/, (_, name, bases) => (bases ? `class ${name}:` : `class ${name}(dict):`)),
        );
  },
  "changed imports": (lines) => {
    const at = oneOf(linesWith(lines, /^(import|from) /));
    return at === undefined ? undefined : random(2) ? lines.toSpliced(at, 1) : inserted(lines, at, "import threading, os, re");
  },
};

const original = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".py"))
  .toSorted()
  .map((path) => ({ path: relative(folder, join(folder, path)).replaceAll(sep, "/"), bytes: readFileSync(join(folder, path)) }));

const cacheFolder = mkdtempSync(join(tmpdir(), "raceproof-edits-"));
async function auditAgain(files) {
  let stored = 0;
  const run = { root: folder, importPrefix: "", lockNames: [], cacheFolder, afterwards: (work) => ((stored += 1), work()) };
  const { outcome } = await auditStored(files, run);
  // Results are stored each time, facts and what linking found out with those of the whole program alone.
  return { outcome, isNear: stored === 1 };
}

const essence = ({ hazards, remarks, coverage, notifications }) => JSON.stringify({ hazards, remarks, coverage, notifications });

/** What differs, in few words. */
function difference(now, scratch) {
  const [a, b] = [now, scratch].map(({ hazards }) => new Set(hazards.map((hazard) => JSON.stringify(hazard))));
  const only = (one, other) => [...one].filter((each) => !other.has(each)).slice(0, 3);
  return { tooMuch: only(a, b), missing: only(b, a), coverage: JSON.stringify(now.coverage) === JSON.stringify(scratch.coverage) };
}

const tally = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, { edits: 0, near: 0, equal: 0 }]));
let files = original;
let edits = 0;
let wrong = 0;
await auditAgain(files);
while (edits < Number(options.edits)) {
  // A few edits follow one another, then all is as it was.
  if (random(6) === 0) files = original;
  const at = random(files.length);
  const kind = oneOf(Object.keys(kinds));
  const text = new TextDecoder("latin1").decode(files[at].bytes);
  const lines = kinds[kind](text.split("\n"), text);
  if (!lines) continue;
  files = files.with(at, { path: files[at].path, bytes: Buffer.from(lines.join("\n"), "latin1") });
  edits += 1;
  const { outcome, isNear } = await auditAgain(files);
  const scratch = await auditFiles(files, { threads: 1 });
  const isEqual = essence(outcome) === essence(scratch);
  const row = tally[kind];
  row.edits += 1;
  row.near += isNear ? 1 : 0;
  row.equal += isEqual ? 1 : 0;
  if (isEqual) continue;
  wrong += 1;
  process.stdout.write(`edit ${edits}, ${kind} in ${files[at].path}: ${JSON.stringify(difference(outcome, scratch), undefined, 2)}\n`);
}
rmSync(cacheFolder, { recursive: true, force: true });
const sum = (name) => Object.values(tally).reduce((all, row) => all + row[name], 0);
const row = (...cells) => cells.map((cell, at) => String(cell)[at === 0 ? "padEnd" : "padStart"](at === 0 ? 26 : 8)).join("");
const rows = Object.entries(tally).map(([kind, found]) => row(kind, found.edits, found.near, found.equal));
process.stdout.write(`${[row("", "edits", "near", "equal"), ...rows, row("all", sum("edits"), sum("near"), sum("equal"))].join("\n")}\n`);
process.exitCode = wrong === 0 ? 0 : 1;
