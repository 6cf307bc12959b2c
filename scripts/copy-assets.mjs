// Copies what the built package needs besides compiled code: the Python agent, the checker of static guards and the rule pages.
// Enters: python/agent, python/static-guard and src/rules. Leaves: packages/raceproof/agent, guard and dist/rules, equal to them; unchanged files are not touched.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage, inRepository, rulesFolder } from "./repository.mjs";

const copies = [
  { from: inRepository("python", "agent", "raceproof_agent"), to: inRepository("packages", "raceproof", "agent", "raceproof_agent"), ending: ".py" },
  { from: inRepository("python", "static-guard", "checker"), to: inRepository("packages", "raceproof", "guard"), ending: ".py" },
  { from: rulesFolder, to: join(builtPackage, "rules"), ending: ".md" },
];

/** Safe while a built raceproof runs: each file is replaced in one step. */
export function copyAssets() {
  for (const { from, to, ending } of copies) copyTree(from, to, ending);
}

/** Makes the files of `to` with this ending equal to those of `from`; others in `to` are left alone. */
export function copyTree(from, to, ending) {
  const wanted = filesBelow(from, ending);
  for (const path of wanted) replaceWhenDifferent(join(to, path), readFileSync(join(from, path)));
  const kept = new Set(wanted);
  for (const path of filesBelow(to, ending)) if (!kept.has(path)) rmSync(join(to, path), { force: true });
}

function filesBelow(folder, ending) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .toSorted();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function replaceWhenDifferent(path, bytes) {
  try {
    if (readFileSync(path).equals(bytes)) return;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, bytes);
  renameSync(draft, path);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) copyAssets();
