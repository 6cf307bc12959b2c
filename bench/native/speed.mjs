// How fast C is audited, next to bare parsing. `node bench/native/speed.mjs FOLDER`
// Enters: the built package, a folder with C or C++. Leaves: lines, processor seconds and lines per minute of the front end alone (one build
// configuration) and of the whole audit (both), in one run; the faster of two passes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "../../scripts/repository.mjs";

const load = (...path) => import(pathToFileURL(join(builtPackage, ...path)).href);
const { auditNativeFiles } = await load("native-audit.js");
const { buildConfiguration, createNameTable, openCFrontEnd } = await load("sources", "index.js");

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node bench/native/speed.mjs FOLDER");
const paths = readdirSync(folder, { recursive: true }).filter((path) => /\.(?:c|cc|cpp|cxx|h|hh|hpp)$/.test(path));
const files = paths.map((path) => ({ path, bytes: readFileSync(join(folder, path)) }));
const lines = files.reduce((sum, { bytes }) => sum + bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0), 0);
const frontEnd = await openCFrontEnd();
const free = [buildConfiguration("free-threaded", [3, 14])];

async function secondsOf(work) {
  const passes = [];
  for (let pass = 0; pass < 2; pass++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    passes.push((user + system) / 1e6);
  }
  return Math.min(...passes);
}

const parsing = await secondsOf(() => frontEnd.parse(files, free, createNameTable()));
const auditing = await secondsOf(() => auditNativeFiles(files));
console.log(`${files.length} files, ${lines} lines`);
for (const [name, seconds] of Object.entries({ "front end, one configuration": parsing, "whole audit, both configurations": auditing }))
  console.log(`${name}: ${seconds.toFixed(1)} s of processor time, ${((lines / seconds) * 60).toExponential(2)} lines a minute`);
console.log(`ratio ${(auditing / parsing).toFixed(1)}`);
