// Copies what the built package needs besides compiled code: the Python agent, the plugin of guards, the checker of static guards, the rule pages and the grammars.
// Enters: python/agent, python/pytest-plugin, python/static-guard, src/rules and a package of grammars. Leaves: packages/raceproof/agent, guard, dist/rules and grammars,
// equal to them; unchanged files are not touched.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage, inRepository, rulesFolder } from "./repository.mjs";

const copies = [
  { from: inRepository("python", "agent", "raceproof_agent"), to: inRepository("packages", "raceproof", "agent", "raceproof_agent"), ending: ".py" },
  { from: inRepository("python", "agent", "raceproof_agent"), to: inRepository("packages", "raceproof", "agent", "raceproof_agent"), ending: ".c" },
  {
    from: inRepository("python", "pytest-plugin", "pytest_raceproof"),
    to: inRepository("packages", "raceproof", "agent", "pytest_raceproof"),
    ending: ".py",
  },
  { from: inRepository("python", "static-guard", "checker"), to: inRepository("packages", "raceproof", "guard"), ending: ".py" },
  { from: rulesFolder, to: join(builtPackage, "rules"), ending: ".md" },
];

/** One package has the grammars of all languages, each a few hundred kilobytes to megabytes; only these are read. */
const grammarPackage = inRepository("node_modules", "@repomix", "tree-sitter-wasms");
const grammarFiles = ["out/tree-sitter-c.wasm", "out/tree-sitter-cpp.wasm", "out/tree-sitter-rust.wasm", "LICENSE"];
const grammarNotice = `tree-sitter-c.wasm, tree-sitter-cpp.wasm and tree-sitter-rust.wasm are compiled from the grammars tree-sitter-c (Copyright (c) 2014 Max
Brunsfeld), tree-sitter-cpp (Copyright (c) 2014 Max Brunsfeld) and tree-sitter-rust (Copyright (c) 2017 Maxim Sokolov), all under the MIT License:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to
deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
IN THE SOFTWARE.

They were taken from a package that collects such files; LICENSE is that package's own.
`;
const grammarsFolder = inRepository("packages", "raceproof", "grammars");

/** Safe while a built raceproof runs: each file is replaced in one step. */
export function copyAssets() {
  for (const { from, to, ending } of copies) copyTree(from, to, ending);
  for (const file of grammarFiles) replaceWhenDifferent(join(grammarsFolder, basename(file)), readFileSync(join(grammarPackage, file)));
  replaceWhenDifferent(join(grammarsFolder, "NOTICE"), Buffer.from(grammarNotice));
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
