// The C and C++ front end on a source tree: what parses, which functions are seen, and how fast compared with the bare grammar.
// node bench/native-parser/run.mjs FOLDER [--only REGEX] [--include REGEX] [--object FILE]... [--define NAME]... [--passes N]
// Enters: a source folder; objects or libraries built from it, to compare functions with. Leaves: figures on standard output.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Language, Parser } from "web-tree-sitter";
import { buildConfiguration, CKind, createNameTable, openCFrontEnd } from "../../packages/raceproof/dist/sources/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    include: { type: "string", default: "" },
    object: { type: "string", multiple: true, default: [] },
    define: { type: "string", multiple: true, default: [] },
    passes: { type: "string", default: "3" },
    worst: { type: "string", default: "8" },
  },
});
const [root = "."] = positionals;
const files = readSources(new RegExp(values.only), values.include === "" ? undefined : new RegExp(values.include));
const counted = new Set(files.filter(({ isCounted }) => isCounted).map(({ path }) => path));
const configuration = buildConfiguration("free-threaded", [3, 13], Object.fromEntries(values.define.map((name) => [name, "1"])));
const frontEnd = await openCFrontEnd();

/** Files to judge, and those that are only there to be included. */
function readSources(only, include) {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|inc|inl)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.replace(/\/+$/, "").length + 1));
  return paths
    .filter((path) => only.test(path) || include?.test(path))
    .map((path) => ({ path, isCounted: only.test(path), bytes: readFileSync(join(root, path)) }));
}

function processorSeconds(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** Names of functions in objects; where there is line information, only those written in the counted files. */
function symbolsOf(objects) {
  const found = new Map();
  for (const object of objects) {
    // Line information of a whole library takes minutes to look up.
    const options = object.endsWith(".a") ? [] : ["-l"];
    const lines = execFileSync("nm", ["--defined-only", ...options, object], {
      encoding: "utf8",
      maxBuffer: 1 << 30,
      stdio: ["ignore", "pipe", "ignore"],
    }).split("\n");
    for (const line of lines) {
      const match = /^\S+ [tT] (\S+)(?:\t(.*):\d+)?$/.exec(line);
      if (match === null) continue;
      const name = match[1].replace(/\.(?:cold|part|constprop|isra|lto_priv|localalias).*$/, "");
      const isElsewhere = match[2] !== undefined && ![...counted].some((path) => match[2].endsWith(`/${path}`));
      if (!isElsewhere) found.set(name, match[2] ?? "");
    }
  }
  return found;
}

const passes = Number(values.passes);
const ours = Array.from({ length: passes }, () => processorSeconds(() => frontEnd.parse(files, [configuration], createNameTable())));
const program = ours.at(-1).result;

await Parser.init();
const grammars = new URL("../../packages/raceproof/grammars/", import.meta.url);
const parsers = {};
for (const language of ["c", "cpp"]) {
  parsers[language] = new Parser();
  parsers[language].setLanguage(await Language.load(readFileSync(new URL(`tree-sitter-${language}.wasm`, grammars))));
}
const isCpp = (path) => /\.(?:cc|cpp|cxx|hh|hpp|hxx|inl)$/.test(path);
const bare = Array.from({ length: passes }, () => processorSeconds(() => files.reduce((sum, file) => sum + bareErrors(file), 0)));

/** @returns 1 when the bare grammar has errors in the file as it is written */
function bareErrors({ path, bytes }) {
  const tree = parsers[isCpp(path) ? "cpp" : "c"].parse(bytes.toString("latin1"));
  const { hasError } = tree.rootNode;
  tree.delete();
  return Number(hasError);
}

const units = program.units.filter(({ path }) => counted.has(path));
const names = new Set();
let functions = 0;
for (const { tree } of program.units) {
  for (let node = 0; node < tree.size; node++) if (tree.kind[node] === CKind.FunctionDefinition) names.add(tree.names.text(tree.name[node]));
}
for (const { tree } of units) functions += tree.kind.subarray(0, tree.size).filter((kind) => kind === CKind.FunctionDefinition).length;

const bytes = units.reduce((sum, { tree }) => sum + tree.source.length, 0);
const errorBytes = units.reduce((sum, unit) => sum + unit.errorBytes, 0);
const rawBytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
const seconds = median(ours.map((pass) => pass.seconds));
const bareSeconds = median(bare.map((pass) => pass.seconds));
const figures = {
  "files (with those only included)": `${counted.size} (${files.length})`,
  units: units.length,
  functions,
  "units with errors": units.filter((unit) => unit.errorBytes > 0).length,
  "error bytes of expanded text": `${errorBytes} of ${bytes} (${((100 * errorBytes) / bytes).toFixed(4)} %)`,
  "files with errors, bare grammar on the files as written": `${bare.at(-1).result} of ${files.length}`,
  "processor seconds": seconds.toFixed(2),
  "MB of source per second": (rawBytes / 1e6 / seconds).toFixed(2),
  "lines per minute": Math.round((program.coverage.lines * 60) / seconds),
  "bare grammar, MB per second": (rawBytes / 1e6 / bareSeconds).toFixed(2),
  "time in bare parses": (seconds / bareSeconds).toFixed(2),
};
if (values.object.length > 0) {
  const symbols = symbolsOf(values.object);
  const missing = [...symbols.keys()].filter((name) => !names.has(name));
  figures["functions in the objects that are seen"] =
    `${symbols.size - missing.length} of ${symbols.size} (${((100 * (symbols.size - missing.length)) / symbols.size).toFixed(2)} %)`;
  figures["not seen"] = missing.slice(0, 40).join(" ");
}
for (const [what, figure] of Object.entries(figures)) process.stdout.write(`${what}: ${figure}\n`);
const worst = units.filter((unit) => unit.errorBytes > 0).toSorted((a, b) => b.errorBytes - a.errorBytes);
for (const unit of worst.slice(0, Number(values.worst))) process.stdout.write(`  ${unit.errorBytes} ${unit.path}\n`);
