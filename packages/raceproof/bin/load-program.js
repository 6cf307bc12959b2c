// The bundled program in, what it exports out. Compiling the thousand functions of an audit takes a tenth of a second: what the engine
// compiled when the bundle was made lies beside it (scripts/compile-bundle.mjs), and another version of the engine leaves it alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** @param path a CommonJS module, absolute */
export function loadProgram(path) {
  const compiled = readIfThere(compiledCodeOf(path));
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${readFileSync(path, "utf8")}\n})`, {
    filename: path,
    ...(compiled ? { cachedData: compiled } : {}),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  return { program: module.exports, script };
}

export function compiledCodeOf(path) {
  return `${path}.compiled`;
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
