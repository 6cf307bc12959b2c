// Settings beside the crates in; free-threaded wheels they build or promise, compiler flags and features out.
// Understood: .cargo/config.toml, pyproject.toml (classifiers, cibuildwheel, maturin), and names of interpreters in workflow files.
// Misses: versions that a workflow computes. Over-reports: interpreters a workflow names without building for them.
import type { TomlTable } from "smol-toml";
import type { CompilerFlag, FreeThreadedBuild } from "../../vocabulary/index.ts";
import { spanOfKey, spanOfLine, stringsAt, tableAt } from "./toml-document.ts";
import type { TomlDocument } from "./toml-document.ts";

/** Cargo's own settings. Source: the Cargo book, "Configuration", build.rustflags and target.*.rustflags. */
export function readCompilerFlags(document: TomlDocument): CompilerFlag[] {
  const targets = Object.keys(tableAt(document.root, "target") ?? {}).map((target) => ["target", target]);
  return [["build"], ...targets].flatMap((keys) => {
    const words = stringsAt(tableAt(document.root, ...keys), "rustflags").flatMap((flag) => flag.split(/\s+/));
    const span = spanOfKey(document, [...keys, "rustflags"]);
    return words.flatMap((word, index) => {
      const name = word === "--cfg" ? words[index + 1] : /^--cfg=(.+)$/.exec(word)?.[1];
      return name === undefined ? [] : [{ name, span }];
    });
  });
}

/** Source: cibuildwheel's options "build", "enable" and "free-threaded-support"; the classifier "Python :: Free Threading". */
export function readProjectBuilds(document: TomlDocument): FreeThreadedBuild[] {
  const { root } = document;
  const wheel = tableAt(root, "tool", "cibuildwheel");
  const promised = stringsAt(tableAt(root, "project"), "classifiers").filter((text) => /:: Free Threading(?: :: [2-9]|$)/.test(text));
  const skipped = stringsAt(wheel, "skip").some((pattern) => /(?:^|\s)(?:cp[\d?*]*|\*)t(?:[-_*\s]|$)/.test(pattern));
  const asked = [
    ...(wheel?.["free-threaded-support"] === true ? ["free-threaded-support"] : []),
    ...stringsAt(wheel, "enable").filter((name) => name === "cpython-freethreading"),
  ];
  return [
    ...promised.map((text) => ({ python: undefined, text, span: spanOfLine(document.path, document.text, lineWith(document.text, text)) })),
    ...freeThreadedNames(stringsAt(wheel, "build").join(" ")).map((name) => ({ ...name, span: spanOfKey(document, ["tool", "cibuildwheel", "build"]) })),
    ...(skipped ? [] : asked.map((text) => ({ python: undefined, text, span: spanOfLine(document.path, document.text, lineWith(document.text, text)) }))),
  ];
}

/** Features that maturin gives to cargo: "pyo3/abi3-py39". */
export function readBuildFeatures({ root }: TomlDocument): string[] {
  return stringsAt(tableAt(root, "tool", "maturin") as TomlTable | undefined, "features");
}

/** Each interpreter once, at the first line that names it. */
export function readWorkflowBuilds(path: string, text: string): FreeThreadedBuild[] {
  const first = new Map<string, FreeThreadedBuild>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    for (const name of freeThreadedNames(line.replace(/(^|\s)#.*/, ""))) {
      if (!first.has(name.python)) first.set(name.python, { ...name, span: spanOfLine(path, text, index + 1) });
    }
  }
  return [...first.values()];
}

/** "3.13t" of `3.13t`, `cp313t-*`, `3.13.0-freethreading`. */
function freeThreadedNames(text: string): { readonly python: string; readonly text: string }[] {
  const written = [...text.matchAll(/\b(?:cp|python)?(3)[._]?(1[3-9])(?:\.\d+)?(?:t|-?freethread(?:ed|ing))(?![\w.])/g)];
  return written.map(([found, major = "", minor = ""]) => ({ python: `${major}.${minor}t`, text: found }));
}

function lineWith(text: string, part: string): number {
  return text.slice(0, Math.max(0, text.indexOf(part))).split("\n").length;
}
