// Counts what an audit shows on released packages, per 1,000 lines, and draws a sample for people to read: the same seed draws the
// same findings. Needs a build (npm run build). Usage: node corpus/sample.mjs [--seed N] [--count N] [--most N] [--json] [PACKAGE==VERSION ...]
//   --most  how many findings of one package the sample may hold.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { auditVersion } from "./audit-version.mjs";
import { createRandom, draw } from "./draw.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "50" },
    most: { type: "string", default: "Infinity" },
    cache: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

/** Popular, written in Python alone, and used by nobody who wrote a rule before a first sample of them was read. */
const popular = [
  "flask==3.1.0", "rich==14.0.0", "httpx==0.28.1", "marshmallow==3.26.1", "docker==7.1.0",
  "paho-mqtt==2.1.0", "Scrapy==2.12.0", "pytest==8.3.5", "babel==2.17.0", "openpyxl==3.1.5",
];
const linesAround = 12;

function readAround(root, { file, line }) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const first = Math.max(0, line - linesAround);
  return lines.slice(first, line + linesAround).map((text, index) => `${first + index + 1 === line ? ">" : " "}${String(first + index + 1).padStart(5)} ${text}`);
}

async function auditPackage(specification) {
  const { root, lines, findings } = await auditVersion(specification, { cache: options.cache });
  const shown = findings.filter(({ confidence }) => confidence !== "low");
  return { specification, lines, findings: shown.map((finding) => ({ package: specification, root, ...finding })) };
}

const audits = [];
for (const specification of positionals.length > 0 ? positionals : popular) audits.push(await auditPackage(specification));
const perThousand = (count, lines) => ((1000 * count) / lines).toFixed(2);
const all = audits.flatMap(({ findings }) => findings);
const lines = audits.reduce((sum, each) => sum + each.lines, 0);
const sample = draw(all, { count: Number(options.count), most: Number(options.most) }, createRandom(Number(options.seed))).map((finding) => ({ ...finding, code: readAround(finding.root, finding) }));
if (options.json) {
  console.log(JSON.stringify({ lines, findings: all, sample }, null, 2));
} else {
  for (const { specification, lines: own, findings } of audits) console.log(`${specification.padEnd(24)} ${String(own).padStart(7)} lines ${String(findings.length).padStart(4)} shown ${perThousand(findings.length, own).padStart(6)} per 1,000`);
  console.log(`${"in all".padEnd(24)} ${String(lines).padStart(7)} lines ${String(all.length).padStart(4)} shown ${perThousand(all.length, lines).padStart(6)} per 1,000\n`);
  for (const [index, { package: from, rule, confidence, file, line, function: within, location, message, code }] of sample.entries()) {
    console.log(`## ${index + 1}. ${from} ${rule} ${confidence} ${file}:${line} ${within} ${location}\n${message}\n${code.join("\n")}\n`);
  }
}
