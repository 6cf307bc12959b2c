// `raceproof explain`: a rule's id in, its page out.
import type { Command } from "commander";
import { readFile } from "node:fs/promises";
import { renderExplanation } from "../reports/index.ts";
import { nativeRules, rules } from "../rules/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { deliver, terminalWidth, wantsColor } from "./terminal.ts";

const allRules = [...rules, ...nativeRules];

export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .summary("what a rule means, why it breaks without the GIL, how to fix it")
    .description("Prints a rule's page. Without a rule, lists all rules.")
    .argument("[rule]", "a rule id, with or without its language")
    .addHelpText("after", `\nExample:\n  raceproof explain ${rules[0]?.metadata.id ?? ""}\n`)
    .action(async (id: string | undefined) => deliver(id === undefined ? listRules() : await explain(id), undefined));
}

function listRules(): string {
  const width = Math.max(...allRules.map((rule) => rule.metadata.id.length));
  return allRules.map(({ metadata }) => `${metadata.id.padEnd(width)}  ${metadata.title}\n`).join("");
}

async function explain(id: string): Promise<string> {
  const rule = allRules.find(({ metadata }) => metadata.id === id || metadata.id.split("/")[1] === id);
  if (!rule) throw new UserError(`there is no rule "${id}"`, `Choose from: ${allRules.map(({ metadata }) => metadata.id).join(", ")}.`);
  const page = await readFile(new URL(`../rules/${rule.metadata.id}/README.md`, import.meta.url), "utf8");
  return renderExplanation(rule.metadata, page, { color: wantsColor(), width: terminalWidth() });
}
