#!/usr/bin/env node
// The `raceproof` command: checks Node.js, then hands the arguments to the built command line.
import { existsSync } from "node:fs";
import { requireNode } from "./require-node.js";

requireNode();
const commandLine = new URL("../dist/cli/index.js", import.meta.url);
if (existsSync(commandLine)) {
  const { main } = await import(commandLine.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("raceproof: not built yet. Run `npm run build` in the checkout, or start it with `npm start --` or `./raceproof`.\n");
  process.exitCode = 2;
}
