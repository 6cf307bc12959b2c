// The path of a bundled program in; beside it afterwards: what the engine compiled while the program audited the litmus programs, which every
// rule has one of. Runs as a process of its own, with the settings of the command, for the engine takes nothing made with others.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setCompiler } from "../packages/raceproof/bin/compiler-settings.js";
import { compiledCodeOf, loadProgram } from "../packages/raceproof/bin/load-program.js";
import { inRepository } from "./repository.mjs";

const [path] = process.argv.slice(2);
setCompiler();
const { program, script } = loadProgram(path);
const folder = mkdtempSync(join(tmpdir(), "raceproof-compile-"));
try {
  const code = await program.main(["audit", inRepository("litmus", "python"), "--cache", join(folder, "cache"), "--output", join(folder, "report"), "--quiet"]);
  if (code > 1) process.exitCode = code;
  writeFileSync(compiledCodeOf(path), script.createCachedData());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
