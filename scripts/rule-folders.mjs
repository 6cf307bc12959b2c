// The rule folders of a checkout: rules/<language>/<shape>/ with a README.md or rule.ts in it, sorted by id.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rulesFolder } from "./repository.mjs";

/** What a rule folder of a language must contain. `fix.ts` and `guard.ts` join when their rooms open; native code is not provoked by a driver in Python. */
export function requiredFilesOf(language) {
  return language === "python" ? ["README.md", "rule.ts", "provoke.ts"] : ["README.md", "rule.ts"];
}

/** @returns {{id: string, language: string, shape: string, folder: string}[]} */
export function listRuleFolders(below = rulesFolder) {
  return subfolders(below).flatMap((language) =>
    subfolders(join(below, language))
      .map((shape) => ({ id: `${language}/${shape}`, language, shape, folder: join(below, language, shape) }))
      .filter(({ folder }) => existsSync(join(folder, "README.md")) || existsSync(join(folder, "rule.ts"))),
  );
}

function subfolders(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}
