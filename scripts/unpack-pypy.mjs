// A PyPy newer than the machine's Debian, from the packages of a newer suite: unpacked into a folder, run by the C library and
// loader it was built for, which come along. Nothing is installed. Enters: .deb files. Leaves: FOLDER/bin/pypy3.
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine } from "./apt-suite.mjs";
import { runQuietly } from "./run-quietly.mjs";

/** @returns {string | undefined} what went wrong */
export function unpackPyPy(archives, work, folder) {
  const tree = join(work, "tree");
  mkdirSync(tree);
  for (const archive of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    const done = runQuietly({ command: "dpkg-deb", arguments: ["-x", join(archives, archive), tree] });
    if (!done.ok) return `${archive} cannot be unpacked (${lastLine(done.log)})`;
  }
  const staged = join(tree, "usr");
  const problem = addLauncher(staged, folder);
  if (problem) return problem;
  rmSync(join(staged, "share"), { recursive: true, force: true });
  // Another run may have been faster. Otherwise the folder appears complete or not at all.
  if (isPyPy(folder)) return undefined;
  rmSync(folder, { recursive: true, force: true });
  renameSync(staged, folder);
  return isPyPy(folder) ? undefined : "the unpacked PyPy does not run";
}

export function isPyPy(folder) {
  const executable = join(folder, "bin", "pypy3");
  const program = "import sys, ctypes, ssl; sys.exit(sys.implementation.name != 'pypy')";
  return existsSync(executable) && runQuietly({ command: executable, arguments: ["-I", "-c", program], seconds: 60 }).ok;
}

/** The program names the machine's loader, which may be too old for it: a script of the same name runs it by its own. */
function addLauncher(staged, folder) {
  const name = readdirSync(join(staged, "bin")).find((each) => /^pypy3\.\d+$/.test(each));
  const library = readdirSync(join(staged, "lib"))
    .map((each) => ({ each, loader: loaderIn(join(staged, "lib", each)) }))
    .find(({ loader }) => loader !== undefined);
  if (name === undefined || library === undefined) return "the packages hold no PyPy, or no loader";
  const libraries = join(folder, "lib", library.each);
  const launcher = join(staged, "bin", name);
  renameSync(launcher, `${launcher}.program`);
  // With its own name as first argument PyPy finds its library beside the script, and child processes start the script again.
  const self = join(folder, "bin", name);
  writeFileSync(launcher, `#!/bin/sh\nexec '${join(libraries, library.loader)}' --library-path '${libraries}' --argv0 '${self}' '${self}.program' "$@"\n`);
  chmodSync(launcher, 0o755);
  rmSync(join(staged, "bin", "pypy3"), { force: true });
  symlinkSync(name, join(staged, "bin", "pypy3"));
  return undefined;
}

function loaderIn(folder) {
  try {
    return readdirSync(folder).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  } catch {
    return undefined;
  }
}
