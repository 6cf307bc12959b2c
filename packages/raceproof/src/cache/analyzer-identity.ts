// Nothing in, a name for this very build of the analysis out: what another build stored is not used, also when its version is the same.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Rooms whose code decides what facts say. */
const rooms: readonly string[] = ["vocabulary", "models", "sources", "facts", "suppressions", "workers", "cache"];

let known: Promise<string> | undefined;

export function analyzerIdentity(): Promise<string> {
  return (known ??= computeIdentity());
}

async function computeIdentity(): Promise<string> {
  const engine = fileURLToPath(new URL("..", import.meta.url));
  const paths = await Promise.all(rooms.map((room) => listCode(join(engine, room))));
  const hash = createHash("sha256").update(process.version);
  for (const bytes of await Promise.all(paths.flat().map((path) => readFile(path)))) hash.update(bytes).update("\0");
  return hash.digest("hex");
}

async function listCode(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /(?<!\.d)\.[jt]s$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
