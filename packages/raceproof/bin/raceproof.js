#!/usr/bin/env node
// The `raceproof` command: checks Node.js, then hands the arguments to the built command line.
import { statSync } from "node:fs";
import { setCompiler } from "./compiler-settings.js";
import { requireNode } from "./require-node.js";

requireNode();
// A reader that has seen enough (`| head`) closes the pipe; that is no fault.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
setCompiler();
const builtAt = (path) => statSync(new URL(`../dist/${path}`, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
// The bundle starts faster than the compiled modules; in a checkout it may be older than they are.
const isBundled = builtAt("bundle/command-line.js") >= builtAt(".tsbuildinfo");
const commandLine = isBundled ? "bundle/command-line.js" : "cli/index.js";
if (builtAt(commandLine) > 0) {
  const { main } = await import(new URL(`../dist/${commandLine}`, import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("raceproof: not built yet. Run `npm run build` in the checkout, or start it with `npm start --` or `./raceproof`.\n");
  process.exitCode = 2;
}
