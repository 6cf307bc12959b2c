// Nothing in, a name for this very build of the program out: what another build stored is not used, also when its version is the same.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

let known: Promise<string> | undefined;

export function analyzerIdentity(): Promise<string> {
  return (known ??= computeIdentity());
}

async function computeIdentity(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const bytes of await Promise.all((await listCode()).map((path) => readFile(path)))) hash.update(bytes).update("\0");
  return hash.digest("hex");
}

/** A bundle has all code beside this one; otherwise this is one room among others. */
async function listCode(): Promise<string[]> {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const engine = basename(here) === "cache" ? join(here, "..") : here;
  const names = await readdir(engine, { recursive: true });
  return names
    .filter((name) => /(?<!\.d)\.c?[jt]s$/.test(name))
    .toSorted()
    .map((name) => join(engine, name));
}
