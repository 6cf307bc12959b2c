// The CPythons of this machine, to compare the parser with.
// What enters: PATH, pyenv's versions folder and raceproof's own folder of interpreters. What leaves: one interpreter per
// minor version and build, 3.8 and later. PyPy is left out: its `ast` has positions of its own.

import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { defaultCacheFolder } from "../../subject-cache.ts";

export interface OracleInterpreter {
  /** "3.12", "3.13t". */
  readonly id: string;
  readonly executable: string;
  /** Folder of the standard library. */
  readonly library: string;
  readonly hasTests: boolean;
}

const probe = `
import json, os, platform, sys, sysconfig
library = sysconfig.get_paths()["stdlib"]
print(json.dumps({
    "id": "%d.%d%s" % (sys.version_info[:2] + ("t" if sysconfig.get_config_var("Py_GIL_DISABLED") else "",)),
    "usable": platform.python_implementation() == "CPython" and sys.version_info >= (3, 8),
    "library": library,
    "hasTests": os.path.isdir(os.path.join(library, "test", "test_import")) or os.path.isfile(os.path.join(library, "test", "test_ast.py")),
}))`;

/** Oldest first; of several builds of a version, the one with CPython's own tests. */
export async function discoverOracleInterpreters(): Promise<OracleInterpreter[]> {
  const probed = await Promise.all(candidateExecutables().map(probeInterpreter));
  const best = new Map<string, OracleInterpreter>();
  for (const interpreter of probed) {
    if (interpreter === undefined) continue;
    const known = best.get(interpreter.id);
    if (known === undefined || (interpreter.hasTests && !known.hasTests)) best.set(interpreter.id, interpreter);
  }
  return [...best.values()].toSorted((a, b) => Number.parseInt(a.id.slice(2), 10) - Number.parseInt(b.id.slice(2), 10) || a.id.length - b.id.length);
}

function candidateExecutables(): string[] {
  const { PATH = "", PYENV_ROOT = join(homedir(), ".pyenv") } = process.env;
  const installed = [join(PYENV_ROOT, "versions"), join(defaultCacheFolder(process.env), "pythons")];
  const folders = [...PATH.split(delimiter), ...installed.flatMap((root) => entriesOf(root).map((name) => join(root, name, "bin")))];
  return [...new Set(folders)].flatMap((folder) => entriesOf(folder).flatMap((name) => (/^python3(?:\.\d+t?)?$/.test(name) ? [join(folder, name)] : [])));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function probeInterpreter(executable: string): Promise<OracleInterpreter | undefined> {
  try {
    const { stdout } = await promisify(execFile)(executable, ["-c", probe], { timeout: 20_000 });
    const { usable, ...rest } = JSON.parse(stdout) as Omit<OracleInterpreter, "executable"> & { readonly usable: boolean };
    return usable ? { ...rest, executable } : undefined;
  } catch {
    return undefined;
  }
}
