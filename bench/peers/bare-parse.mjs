// Bare parsing, as a yardstick: a folder's Python files, read and parsed in a fresh process, nothing else. `node bare-parse.mjs FOLDER`
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "../../scripts/repository.mjs";

const { createNameTable, parsePython } = await import(pathToFileURL(join(builtPackage, "sources", "index.js")).href);
const folder = process.argv[2];
const names = createNameTable();
for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (path.endsWith(".py")) parsePython(readFileSync(join(folder, path)), names);
}
