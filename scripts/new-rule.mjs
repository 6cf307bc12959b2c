// Starts a rule: `npm run new-rule -- python/check-then-act`. Enters: a rule id. Leaves: its folder from scripts/rule-template,
// with an example that fails until the rule finds it, and the registry that knows it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { generateRegistry } from "./generate-registry.mjs";
import { inRepository, root, rulesFolder } from "./repository.mjs";

const languages = ["python"];
const template = inRepository("scripts", "rule-template");

function problemWith(id) {
  if (id === undefined) return "say which rule: npm run new-rule -- python/some-shape";
  const [language, shape, ...rest] = id.split("/");
  if (!languages.includes(language) || rest.length > 0) return `a rule id is <language>/<shape>; languages: ${languages.join(", ")}`;
  if (!/^[a-z]+(-[a-z]+)*$/.test(shape ?? "")) return "a shape is written in lower-case words joined by hyphens: check-then-act";
  if (existsSync(join(rulesFolder, id))) return `${id} is there already: ${relative(root, join(rulesFolder, id))}`;
  return undefined;
}

function newRule(id) {
  const folder = join(rulesFolder, id);
  const shape = id.slice(id.indexOf("/") + 1);
  const title = shape[0].toUpperCase() + shape.slice(1).replaceAll("-", " ");
  const { version } = JSON.parse(readFileSync(inRepository("packages", "raceproof", "package.json"), "utf8"));
  const words = { id, shape, title, version };
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(template)) {
    const text = readFileSync(join(template, file), "utf8");
    writeFileSync(
      join(folder, file),
      text.replace(/\{\{(\w+)\}\}/g, (_, word) => words[word]),
    );
  }
  generateRegistry({ check: false });
  return folder;
}

const [id] = process.argv.slice(2);
const problem = problemWith(id);
if (problem) {
  process.stderr.write(`new-rule: ${problem}\n`);
  process.exitCode = 2;
} else {
  const folder = newRule(id);
  process.stdout.write(`Created ${relative(root, folder)}. Next:\n`);
  process.stdout.write("  1. README.md: replace the examples by real ones; they are the tests\n");
  process.stdout.write("  2. rule.ts: metadata and find(); provoke.ts: calls that bring it about\n");
  process.stdout.write("  3. npx vitest run laws/rule-pages.test.ts\n");
  process.stdout.write("  4. npm run generate (registry, docs/rules, docs/cli.md)\n");
}
