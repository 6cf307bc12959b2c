// Draws findings of at least medium confidence in extensions whose commits are pinned here, with the code around them, for people to read.
// Needs a build and the repositories: node bench/corpus-native/sample.mjs FOLDER [--seed N] [--count N] [--around N]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { filesAt } from "../../corpus/commit-files.mjs";
import { createRandom, draw } from "../../corpus/draw.mjs";
import { auditNativeFiles } from "../../packages/raceproof/dist/native-audit.js";
import { isExtensionSource } from "./extension-source.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "40" }, around: { type: "string", default: "8" } },
});
const [folder] = positionals;

/** Nobody who wrote a rule had audited any of them before the first sample was read. */
const subjects = [
  { repository: "redis/hiredis-py", commit: "ee55dd4b2e8b79a8215662f089420d88586fd4cc", folders: ["src"] },
  { repository: "joerick/pyinstrument", commit: "e473fdea89d9165a365e8b5424b531cc3c472326", folders: ["pyinstrument"] },
  { repository: "tobgu/pyrsistent", commit: "0c0b7aec8cd25b1d2d8ba07b10acdefd0f38f2c7", folders: ["."] },
  { repository: "enthought/traits", commit: "025fe696e75bea436d7b1089fe89ba61ffe7bf2d", folders: ["traits"] },
  { repository: "zopefoundation/persistent", commit: "0e75c4642d31b41720e22c8c982456228ce662a2", folders: ["src"] },
  { repository: "zopefoundation/Acquisition", commit: "2bea15ac9a2b5dfaa92b78fe56ec2bf0f0451070", folders: ["src"] },
  { repository: "hamiltron/py-simple-audio", commit: "e0c595c1c463cf52ecc7ea4ecde1b92dbe985e95", folders: ["."] },
  { repository: "amitdev/lru-dict", commit: "377203dacde1e312d338ee4d9fc5839239549ad0", folders: ["."] },
  { repository: "xmlsec/python-xmlsec", commit: "bd327f9531de337d9caf33ba01c71f13f0e3d2e4", folders: ["src"] },
  { repository: "python-rapidjson/python-rapidjson", commit: "00e9a146e958d42f84c81dcfdf39572280ecf01f", folders: ["rapidjson.cpp"] },
];

const print = (text) => process.stdout.write(`${text}\n`);
const all = [];
for (const { repository, commit, folders } of subjects) {
  const files = filesAt(join(folder, repository.replace("/", "+"), "repo"), folders, commit, isExtensionSource);
  const { hazards, coverage } = await auditNativeFiles(files);
  const shown = hazards.filter(({ confidence }) => confidence !== "low");
  all.push(...shown.map((hazard) => ({ package: repository, files, hazard })));
  print(`${repository} ${commit.slice(0, 9)}: ${coverage.lines} lines, ${coverage.functions} functions, ${shown.length} shown`);
}
for (const [index, { package: name, files, hazard }] of draw(
  all,
  { count: Number(options.count), most: Infinity },
  createRandom(Number(options.seed)),
).entries()) {
  print(
    `\n#${index + 1} ${name} ${hazard.span.file}:${hazard.span.line} ${hazard.rule} ${hazard.confidence} in ${hazard.function}\n  ${hazard.message}\n  ${hazard.evidence.join("; ")}`,
  );
  for (const { span, kind, function: within } of hazard.accesses) print(`  ${kind} at ${span.file}:${span.line} in ${within}`);
  const lines = (files.find(({ path }) => path === hazard.span.file)?.bytes.toString("utf8") ?? "").split("\n");
  const first = Math.max(0, hazard.span.line - Number(options.around));
  for (let line = first; line < hazard.span.line + Number(options.around) && line < lines.length; line++)
    print(`${line + 1 === hazard.span.line ? ">" : " "}${String(line + 1).padStart(5)} ${lines[line]}`);
}
