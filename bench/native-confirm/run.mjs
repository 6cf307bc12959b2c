// What `confirm --build` shows of an extension's hazards within a budget. Enters: a folder that can be built, seconds, options of confirm.
// Leaves: the distinct faults with the hazards that say so, witnesses, verdicts. The subject's build and code are executed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [folder, seconds = "175", ...options] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("usage: node bench/native-confirm/run.mjs FOLDER [SECONDS] [options of confirm]\n");
  process.exit(2);
}
const program = join(fileURLToPath(import.meta.url), "..", "..", "..", "packages", "raceproof", "bin", "raceproof.js");
const began = performance.now();
const fixed = ["confirm", folder, "--build", "--budget", `${seconds}s`, "--output-format", "json"];
const { stdout } = spawnSync(process.execPath, [program, ...fixed, ...options], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
const { faults = [], findings, notifications, seconds: spent } = JSON.parse(stdout);

for (const { level, message } of notifications) if (!message.startsWith("interpreter left out")) process.stdout.write(`${level}: ${message}\n`);

for (const { failing, repeats, threads, summary, hazards } of faults)
  process.stdout.write(`${threads === "one" ? "one thread" : `${failing}/${repeats}`}  ${summary}  ${hazards.length} hazards\n`);
const inC = findings.filter(({ language }) => language === "c");
const count = (verdict) => inC.filter((finding) => finding.verdict === verdict).length;
const pairs = faults.filter(({ use, other, hazards }) => use !== undefined && other !== undefined && hazards.length > 0);
process.stdout.write(
  `${pairs.length} (use, free) pairs said by hazards, ${faults.filter(({ hazards }) => hazards.length === 0).length} faults of ${faults.length} by none; ` +
    `${count("confirmed")} of ${inC.length} hazards confirmed, ${inC.filter(({ witness }) => witness !== undefined).length} with a witness; ` +
    `${((performance.now() - began) / 1000).toFixed(0)} s (${JSON.stringify(spent)})\n`,
);
