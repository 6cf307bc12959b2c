// The Cython mode on source trees: node bench/native-parser/cython.mjs FOLDER...
// Enters: folders. Leaves: how many .pyx, .pxd and .pxi files parse without a problem, what they declare, and the first problem of each other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseCython } from "../../packages/raceproof/dist/sources/cython/parse-cython.js";
import { createNameTable, lineAt } from "../../packages/raceproof/dist/sources/index.js";

const paths = process.argv.slice(2).flatMap((root) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:pyx|pxd|pxi)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const sources = paths.map((path) => ({ path, bytes: readFileSync(path) }));
const before = process.cpuUsage();
const parsed = sources.map(({ path, bytes }) => ({ path, ...parseCython(bytes, createNameTable()) }));
const { user, system } = process.cpuUsage(before);
const megabytes = sources.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
const unclear = parsed.filter(({ tree }) => tree.problems.length > 0);
const declarations = parsed.reduce((sum, file) => sum + file.declarations.length, 0);
process.stdout.write(`${parsed.length - unclear.length} of ${parsed.length} files parse without a problem; ${declarations} declarations\n`);
process.stdout.write(`${megabytes.toFixed(2)} MB, ${((megabytes * 1e6) / (user + system)).toFixed(1)} MB per second of processor time, cold\n`);
for (const { path, tree } of unclear) process.stdout.write(`  ${path}:${lineAt(tree, tree.problems[0].offset)} ${tree.problems[0].message}\n`);
