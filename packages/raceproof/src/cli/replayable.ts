// What a person names to be played: witnesses, driver files, folders of them. Enters: arguments. Leaves: drivers with their subjects.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { loadDriverFile, selectRuntime, supportedRuntimes } from "../confirmations/index.ts";
import { fetchSubject, parseSpecification } from "../sources/index.ts";
import { UserError } from "../vocabulary/index.ts";
import type { DriverText, Runtime, Subject, Witness } from "../vocabulary/index.ts";
import { readWitness, requireSameModules } from "./read-witness.ts";

export interface ReplayableOptions {
  readonly subject: string | undefined;
  readonly cache: string | undefined;
}

export interface Replayable {
  readonly driver: DriverText;
  readonly subject: Subject;
  /** Undefined for a driver file. */
  readonly witness: Witness | undefined;
}

export async function loadReplayable(name: string, options: ReplayableOptions, say: (message: string) => void): Promise<Replayable> {
  const fetched = (specification: string): Promise<Subject> =>
    fetchSubject(parseSpecification(specification, process.cwd()), { cacheFolder: options.cache, onProgress: say });
  if (name.endsWith(".py")) {
    if (options.subject === undefined) throw new UserError(`${name} does not say what it drives`, "Name it with --subject, such as --subject package==1.2.0.");
    return { driver: await loadDriverFile(name), subject: await fetched(options.subject), witness: undefined };
  }
  const witness = await readWitness(name);
  const subject = await fetched(options.subject ?? witness.subject);
  requireSameModules(witness, subject);
  return { driver: witness.driver, subject, witness };
}

/** Folders give the .json and .py files in them, and in their folder "witnesses". @throws UserError when there are none */
export async function expandFolders(names: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const name of names) {
    const isFolder = await stat(name).then(
      (status) => status.isDirectory(),
      () => false,
    );
    expanded.push(...(isFolder ? await filesIn(name) : [name]));
  }
  return expanded;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(json|py)$/.test(entry.name) && entry.name !== "report.json")
    .map(({ name }) => name)
    // A report folder has the driver of each witness beside it.
    .filter((name, _, names) => !names.includes(name.replace(/\.driver\.py$/, ".json")) || name.endsWith(".json"))
    .map((name) => join(folder, name))
    .toSorted();
  if (entries.some((entry) => entry.isDirectory() && entry.name === "witnesses")) files.push(...(await filesIn(join(folder, "witnesses"))));
  if (files.length === 0) throw new UserError(`${folder} has no witnesses or drivers`, "Name a folder with witness files (.json) or drivers (.py).");
  return files;
}

/** Those wanted, else all that the subject supports. */
export async function chooseRuntimes(found: readonly Runtime[], wanted: readonly string[] | undefined, subject: Subject): Promise<Runtime[]> {
  if (wanted !== undefined) return Promise.all(wanted.map((each) => selectRuntime({ runtimes: found, wanted: each })));
  const supported = supportedRuntimes(found, subject.requiresPython);
  if (supported.length === 0) throw new UserError("no Python found that the subject supports", "Give the path of one with --python.");
  return supported;
}
