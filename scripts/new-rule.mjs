// Starts a rule: `npm run new-rule -- python/check-then-act`. Enters: a rule id. Leaves: its folder from scripts/rule-template,
// with an example that fails until the rule finds it, and a registry that knows it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { generateRegistry } from "./generate-registry.mjs";
import { inRepository, root, rulesFolder } from "./repository.mjs";

const languages = ["python", "c"];
const template = inRepository("scripts", "rule-template");

/** What is wrong with a rule id, or undefined. */
export function problemWithRuleId(id, below = rulesFolder) {
  if (id === undefined) return "say which rule: npm run new-rule -- python/some-shape";
  const [language, shape, ...rest] = id.split("/");
  if (!languages.includes(language) || rest.length > 0) return `a rule id is <language>/<shape>; languages: ${languages.join(", ")}`;
  if (!/^[a-z]+(-[a-z]+)*$/.test(shape ?? "")) return "a shape is written in lower-case words joined by hyphens: check-then-act";
  if (existsSync(join(below, id))) return `${id} is there already`;
  return undefined;
}

/** Fills the template into the rule's folder and returns that folder. */
export function writeRuleFolder(id, below = rulesFolder) {
  const folder = join(below, id);
  const shape = id.slice(id.indexOf("/") + 1);
  const title = shape[0].toUpperCase() + shape.slice(1).replaceAll("-", " ");
  const { version } = JSON.parse(readFileSync(inRepository("packages", "raceproof", "package.json"), "utf8"));
  const words = { id, shape, title, version };
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(template)) {
    const text = readFileSync(join(template, file), "utf8").replace(/\{\{(\w+)\}\}/g, (_, word) => words[word]);
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const nextSteps = `Next:
  1. README.md: replace the examples by real ones; they are the tests
  2. rule.ts: metadata and find(); provoke.ts: calls that bring it about
  3. npx vitest run laws/rule-pages.test.ts
  4. npm run generate (registry, docs/rules, docs/cli.md)
`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [id] = process.argv.slice(2);
  const problem = problemWithRuleId(id);
  if (problem) {
    process.stderr.write(`new-rule: ${problem}\n`);
    process.exitCode = 2;
  } else {
    const folder = writeRuleFolder(id);
    generateRegistry({ check: false });
    process.stdout.write(`Created ${relative(root, folder)}. ${nextSteps}`);
  }
}
