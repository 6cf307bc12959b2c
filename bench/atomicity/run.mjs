// Which operations of built-in objects are atomic on which interpreter. `node bench/atomicity/run.mjs [seconds] [interpreter...]`
// Enters: operations.py and the interpreters given, or those that raceproof discovers. Leaves: a table on stdout, one process per cell,
// so that a crash of the interpreter is a result like any other.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";

const run = promisify(execFile);
const script = inRepository("bench", "atomicity", "operations.py");
const [seconds = "1.5", ...given] = process.argv.slice(2);
const repeats = "20";

async function interpreters() {
  if (given.length > 0) return given;
  const { discoverRuntimes } = await import(pathToFileURL(join(builtPackage, "confirmations", "index.js")).href);
  const { runtimes } = await discoverRuntimes();
  return runtimes.map(({ executable }) => executable);
}

const probe =
  "import sys, sysconfig; print(sys.implementation.name, '.'.join(map(str, sys.version_info[:3])) + ('t' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''))";

async function nameOf(executable) {
  const { stdout } = await run(executable, ["-c", probe]);
  return stdout.trim().replace("cpython ", "");
}

/** "0/20", "7/20 raises RuntimeError", "crashes". */
async function measure(executable, operation) {
  try {
    const { stdout } = await run(executable, [script, operation, seconds, repeats], { timeout: 120_000 });
    const { failing, repeats: done, how } = JSON.parse(stdout);
    return how === null ? `${failing}/${done}` : `${failing}/${done} ${how}`;
  } catch (error) {
    if (error.killed) return "hangs";
    return typeof error.signal === "string" ? `crashes (${error.signal})` : "fails";
  }
}

const executables = await interpreters();
const { stdout } = await run(executables[0], [script]);
const operations = stdout.trim().split("\n");
process.stdout.write(`| operation | ${(await Promise.all(executables.map(nameOf))).join(" | ")} |\n|---|${executables.map(() => "---|").join("")}\n`);
for (const operation of operations) {
  const cells = [];
  for (const executable of executables) cells.push(await measure(executable, operation));
  process.stdout.write(`| \`${operation.replaceAll("|", "\\|")}\` | ${cells.join(" | ")} |\n`);
}
