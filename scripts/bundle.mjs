// Joins the built command line into a few files: loading 450 small modules took longer than small audits do.
// Enters: packages/raceproof/src, type-checked before. Leaves: dist/bundle with the program, what the engine
// compiles of it, its analysis thread, and source maps.
import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { builtPackage, inRepository } from "./repository.mjs";
import { runQuietly } from "./run-quietly.mjs";

const source = inRepository("packages", "raceproof", "src");
const bundle = join(builtPackage, "bundle");
const { dependencies } = JSON.parse(readFileSync(inRepository("packages", "raceproof", "package.json"), "utf8"));

/** Modules that look for what lies beside the bundle itself. */
const besideBundle = [join(source, "workers"), join(source, "cache")];

/** All others look for files of the package (rule pages, the agent, the manifest) starting at where they were compiled to. */
const keepPlaces = {
  name: "keep-places",
  transform(code, id) {
    if (!id.startsWith(source) || !code.includes("import.meta.url") || besideBundle.some((folder) => id.startsWith(folder))) return undefined;
    const place = relative(source, id).replaceAll(sep, "/").replace(/\.ts$/, ".js");
    return { code: code.replaceAll("import.meta.url", `new URL(${JSON.stringify(`../${place}`)}, import.meta.url).href`), map: null };
  },
};

/** Does nothing when the bundle is newer than what the compiler wrote last. */
export async function bundleProgram() {
  if (isUpToDate()) return;
  const draft = `${bundle}.${process.pid}.draft`;
  await writeBundle(join(source, "cli", "index.ts"), { file: join(draft, "command-line.cjs"), format: "cjs" });
  await writeBundle(join(source, "workers", "analysis-thread.ts"), { file: join(draft, "analysis-thread.js"), format: "esm" });
  const compiled = runQuietly({ command: process.execPath, arguments: [inRepository("scripts", "compile-bundle.mjs"), join(draft, "command-line.cjs")] });
  if (!compiled.ok) throw new Error(compiled.log);
  // A raceproof that starts in between finds no bundle and runs the compiled modules.
  rmSync(bundle, { recursive: true, force: true });
  renameSync(draft, bundle);
}

/** In one file: between several, every use of another's function would be looked up. */
async function writeBundle(input, output) {
  const build = await rolldown({
    input,
    platform: "node",
    external: (id) => id.startsWith("node:") || Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [keepPlaces],
  });
  await build.write({ ...output, codeSplitting: false, dynamicImportInCjs: false, sourcemap: true });
  await build.close();
}

function isUpToDate() {
  const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return changed(join(bundle, "command-line.cjs")) >= changed(join(builtPackage, ".tsbuildinfo"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await bundleProgram();
