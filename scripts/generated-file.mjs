// A generated file that is committed: written, or with `--check` only compared.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { root } from "./repository.mjs";

/** @param {Map<string, string>} texts absolute path -> wanted content. Sets process.exitCode to 1 when --check finds a difference. */
export function writeOrCheck(texts, { check, command }) {
  const stale = [...texts].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);
  for (const [path, text] of stale) {
    if (check) {
      process.stderr.write(`${relative(root, path)} is out of date: run \`${command}\`\n`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}
