// Every class and function of the example crate, tried for everything the probes look for, with the affected release of PyO3 and with the fixed one.
// node bench/crate-confirm/run.mjs [--python 3.11] [--release 0.18.3] prints the table of README.md; the crate is built twice (the registry or cargo's cache is needed).
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildCrate, chooseCalls, confirmCrate, crateCandidates, discoverRuntimes } from "../../packages/raceproof/dist/confirmations/index.js";
import { auditRustFiles } from "../../packages/raceproof/dist/rust-audit.js";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "3.11" },
    cache: { type: "string", default: join(tmpdir(), "raceproof-crates") },
    release: { type: "string", multiple: true },
  },
});
const manifests = { "0.18.3": "Cargo.toml", "0.19.0": "fixed/Cargo.toml" };
const releases = values.release ?? Object.keys(manifests);
const root = join(import.meta.dirname, "../../examples/pyo3-3165");
mkdirSync(values.cache, { recursive: true });
const runtime = (await discoverRuntimes()).runtimes.find(({ version, freeThreaded }) => version.startsWith(values.python) && !freeThreaded);
if (runtime === undefined) throw new Error(`no Python ${values.python} here`);
const sources = ["Cargo.toml", "Cargo.lock", ...readdirSync(join(root, "src")).map((name) => `src/${name}`)];
const { program } = await auditRustFiles(
  sources.map((path) => ({ path, bytes: readFileSync(join(root, path)) })),
  [],
);

/** Something to look for in a class or function, as if a rule had reported it. */
const questions = [
  ...program.structs
    .filter(({ pyclass }) => pyclass)
    .flatMap(({ name, span }) => ["crash", "leak"].map((severity) => ({ id: `${name}: ${severity}`, name, span, severity }))),
  ...program.functions
    .filter(({ exposed }) => exposed === "function")
    .flatMap(({ name, span }) => ["crash", "deadlock"].map((severity) => ({ id: `${name}: ${severity}`, name, span, severity }))),
].map(({ id, name, span, severity }) => ({ id, span: { ...span, endLine: span.line }, severity, function: name, accesses: [] }));

const rows = new Map(questions.map(({ id }) => [id, []]));
for (const release of releases) {
  const build = await buildCrate({ manifest: join(root, manifests[release]), root, runtime, features: [], cacheFolder: values.cache });
  const { folder, modules } = build;
  const choice = await chooseCalls(crateCandidates(program, []), { runtime, paths: [folder], modules, environment: {} });
  const setting = {
    program,
    build,
    requirements: [],
    choice,
    environment: {},
    runtime,
    workers: 2,
    until: undefined,
    signal: undefined,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  };
  for (const [id, { verdict, reason, runtimes }] of await confirmCrate(questions, setting)) {
    const [row] = runtimes;
    const control = row?.stress?.controls[0];
    const counts = row === undefined ? reason : `${row.failing} of ${row.repeats}${control ? `, control ${control.failing} of ${control.repeats}` : ""}`;
    rows
      .get(id)
      .push(verdict === "confirmed" ? `**${row.stress.failures[0].summary.split(" in ")[0].split(":")[0].replace("@traversal", "")}** ${counts}` : counts);
  }
}
console.log(`| class or function: looked for | ${releases.map((release) => `PyO3 ${release}`).join(" | ")} |\n|---|${releases.map(() => "---|").join("")}`);
for (const [id, cells] of rows) console.log(`| ${id} | ${cells.join(" | ")} |`);
