// The Rust front end and facts on source trees: what parses, which methods Python calls are seen, and how fast compared with the bare grammar.
// node bench/rust-parser/run.mjs FOLDER... [--passes N]
// Enters: folders with crates. Leaves: figures on standard output. Rates are of processor time, so that other work on the machine counts little.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Language, Parser } from "web-tree-sitter";
import { auditRustFiles } from "../../packages/raceproof/dist/rust-audit.js";
import { createNameTable, openRustFrontEnd } from "../../packages/raceproof/dist/sources/index.js";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { passes: { type: "string", default: "3" } } });
const passes = Number(values.passes);
// The front end starts the engine, for both.
const frontEnd = await openRustFrontEnd();
const bare = new Parser();
bare.setLanguage(await Language.load("packages/raceproof/grammars/tree-sitter-rust.wasm"));

function readSources(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.rs$|^Cargo\.(?:toml|lock)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(root.replace(/\/+$/, "").length + 1), bytes: readFileSync(path) }));
}

async function processorSeconds(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

/** The fastest of the passes: the others waited for memory or the compiler. */
async function best(work) {
  const seconds = [];
  for (let pass = 0; pass < passes; pass++) seconds.push((await processorSeconds(work)).seconds);
  return Math.min(...seconds);
}

/** Methods below #[pymethods] by lines alone: functions indented once more than the attribute, up to the brace that closes the impl. */
function methodsByLines(files) {
  return files.flatMap(({ path, bytes }) => {
    const lines = bytes.toString("utf8").split("\n");
    return lines.flatMap((line, at) => (/^\s*#\[(?:pyo3::)?pymethods\b|^\s*#\[cfg_attr\(.*\bpymethods\b/.test(line) ? methodsBelow(lines, at, path) : []));
  });
}

function methodsBelow(lines, attribute, path) {
  const indent = /^\s*/.exec(lines[attribute])[0];
  const head = lines.findIndex((line, at) => at > attribute && /\bimpl\b/.test(line));
  if (head < 0 || /\{\s*\}\s*$/.test(lines[head])) return [];
  const end = lines.findIndex((line, at) => at > head && line.startsWith(`${indent}}`));
  const method = /^\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(?:const )?(?:async )?(?:unsafe )?(?:extern "C" )?fn \w+/;
  return lines
    .slice(head + 1, end)
    .flatMap((line, at) => (method.test(line) && /^\s*/.exec(line)[0].length === indent.length + 4 ? [`${path}:${head + at + 2}`] : []));
}

for (const root of positionals) {
  const files = readSources(root);
  const rust = files.filter(({ path }) => path.endsWith(".rs"));
  const texts = rust.map(({ bytes }) => bytes.toString("utf8"));
  const names = createNameTable();
  const units = rust.map((file) => frontEnd.parse(file, names));
  const total = (count) => units.reduce((sum, unit) => sum + count(unit), 0);
  const { program } = await auditRustFiles(files, []);
  const seen = new Set(program.functions.filter(({ exposed }) => exposed === "method").map(({ span }) => `${span.file}:${span.line}`));
  const methods = methodsByLines(rust);
  const bareSeconds = await best(() => texts.forEach((text) => bare.parse(text).delete()));
  const frontSeconds = await best(() => rust.map((file) => frontEnd.parse(file, createNameTable())));
  const auditSeconds = await best(() => auditRustFiles(files));
  const lines = total(({ tree }) => tree.lineStarts.length);
  const perMinute = (seconds) => `${(((lines / seconds) * 60) / 1e6).toFixed(1)} million`;
  console.log(`${root}
  files ${rust.length}, lines ${lines}, error bytes ${total(({ errorBytes }) => errorBytes)} of ${total(({ tree }) => tree.source.length)} in ${units.filter(({ errorBytes }) => errorBytes > 0).length} files
  macros ${total(({ macros }) => macros)}, of which not read ${total(({ macrosUnread }) => macrosUnread)}
  functions ${program.functions.length}; methods by lines ${methods.length}, of which seen ${methods.filter((method) => seen.has(method)).length}; seen in all ${seen.size}
  lines per minute: bare grammar ${perMinute(bareSeconds)}, front end ${perMinute(frontSeconds)}, whole audit with all rules ${perMinute(auditSeconds)}
  time in bare parses: front end ${(frontSeconds / bareSeconds).toFixed(2)}, whole audit ${(auditSeconds / bareSeconds).toFixed(2)}`);
}
