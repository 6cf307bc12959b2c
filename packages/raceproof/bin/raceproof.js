#!/usr/bin/env node
// The `raceproof` command: checks Node.js, then hands the arguments to the built command line.
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setCompiler } from "./compiler-settings.js";
import { loadProgram } from "./load-program.js";
import { requireNode } from "./require-node.js";

requireNode();
// A reader that has seen enough (`| head`) closes the pipe; that is no fault.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
setCompiler();
const built = (path) => new URL(`../dist/${path}`, import.meta.url);
const builtAt = (path) => statSync(built(path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const bundle = "bundle/command-line.cjs";
if (builtAt("cli/index.js") + builtAt(bundle) > 0) {
  // The bundle starts faster than the compiled modules; in a checkout it may be older than they are.
  const isBundled = builtAt(bundle) >= builtAt(".tsbuildinfo");
  const { main } = isBundled ? loadProgram(fileURLToPath(built(bundle))).program : await import(built("cli/index.js").href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("raceproof: not built yet. Run `npm run build` in the checkout, or start it with `npm start --` or `./raceproof`.\n");
  process.exitCode = 2;
}
