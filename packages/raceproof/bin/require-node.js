// Stops with one clear line when Node.js is too old. Kept to syntax and modules that old versions understand.
import { readFileSync } from "node:fs";

/** Exits with status 2 unless the running Node.js satisfies the package's `engines.node` (">=MAJOR.MINOR"). */
export function requireNode() {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const [major, minor] = manifest.engines.node.match(/\d+/g).map(Number);
  const [runningMajor, runningMinor] = process.versions.node.split(".").map(Number);
  if (runningMajor > major || (runningMajor === major && runningMinor >= minor)) return;
  process.stderr.write("raceproof: needs Node.js " + major + "." + minor + " or newer; this is " + process.versions.node + " (" + process.execPath + ").\n");
  process.exit(2);
}
