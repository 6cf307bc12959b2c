// Speed of the Python parser over a folder of .py files: `node bench/parser/run.mjs [FOLDER]` after `npm run build`.
// What enters: a folder (default: the standard library of the python3 on PATH, without installed packages). What leaves:
// files, lines, MB and MB/s, cold (first pass of this process) and warm (median of the later ones). MB/s are source bytes
// per second of this process's CPU time, reading excluded, so that a busy machine changes them little.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "../../scripts/repository.mjs";

const warmPasses = 11;
const skippedFolders = new Set(["site-packages", "dist-packages", "__pycache__"]);

function standardLibrary() {
  const done = spawnSync("python3", ["-c", "import sysconfig; print(sysconfig.get_paths()['stdlib'])"], { encoding: "utf8" });
  if (done.status !== 0) throw new Error("no python3 on PATH: name a folder");
  return done.stdout.trim();
}

function pythonFilesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : pythonFilesBelow(path);
    return entry.isFile() && entry.name.endsWith(".py") ? [path] : [];
  });
}

function timePass(sources, { parsePython, createNameTable }) {
  const names = createNameTable();
  const before = process.cpuUsage();
  let lines = 0;
  let nodes = 0;
  let filesWithProblems = 0;
  for (const source of sources) {
    const tree = parsePython(source, names);
    lines += tree.lineStarts.length - 1;
    nodes += tree.size;
    if (tree.problems.length > 0) filesWithProblems++;
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, lines, nodes, filesWithProblems };
}

const entry = join(builtPackage, "sources", "python", "index.js");
if (!existsSync(entry)) throw new Error("not built yet: npm run build");
const parser = await import(pathToFileURL(entry).href);
const folder = process.argv[2] ?? standardLibrary();
const sources = pythonFilesBelow(folder).map((path) => readFileSync(path));
const megabytes = sources.reduce((sum, { length }) => sum + length, 0) / 1e6;
const cold = timePass(sources, parser);
const warm = Array.from({ length: warmPasses }, () => timePass(sources, parser).seconds).toSorted((a, b) => a - b);
const rate = (seconds) => `${(megabytes / seconds).toFixed(1)} MB/s (${(seconds * 1000).toFixed(0)} ms)`;
console.log(`${folder}
${sources.length} files (${cold.filesWithProblems} with problems), ${cold.lines} lines, ${megabytes.toFixed(2)} MB, ${cold.nodes} nodes
cold ${rate(cold.seconds)}
warm ${rate(warm[warmPasses >> 1])}`);
