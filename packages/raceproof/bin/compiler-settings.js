// Settings of the engine's compiler for one run of the command. A run touches a thousand functions once in a while and a few all the time:
// with the usual amount of inlining the compiler took half of a cold audit's processor time and gave no faster code
// (standard library, 309,000 lines, two busy cores: 6.1 s of processor time for the facts, 4.6 s with this; warm both take the same).
import { setFlagsFromString } from "node:v8";

/** The newest version of Node.js whose V8 is known to have the flag: an unknown one would be complained about. */
const newestKnown = 24;

export function setCompiler() {
  if (Number.parseInt(process.versions.node, 10) <= newestKnown) setFlagsFromString("--max-inlined-bytecode-size-cumulative=300");
}
