// `raceproof explain`: a rule's id in, its page out.
import type { Command } from "commander";
import { readFile } from "node:fs/promises";
import { renderExplanation } from "../reports/index.ts";
import { ruleMetadata } from "../rules/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { deliver, terminalWidth, wantsColor } from "./terminal.ts";

export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .summary("what a rule means, why it breaks without the GIL, how to fix it")
    .description("Prints a rule's page. Without a rule, lists all rules.")
    .argument("[rule]", "a rule id, with or without its language")
    .addHelpText("after", `\nExample:\n  raceproof explain ${ruleMetadata[0]?.id ?? ""}\n`)
    .action(async (id: string | undefined) => deliver(id === undefined ? listRules() : await explain(id), undefined));
}

function listRules(): string {
  const width = Math.max(...ruleMetadata.map(({ id }) => id.length));
  return ruleMetadata.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join("");
}

async function explain(id: string): Promise<string> {
  const rule = ruleMetadata.find((each) => each.id === id || each.id.split("/")[1] === id);
  if (!rule) throw new UserError(`there is no rule "${id}"`, `Choose from: ${ruleMetadata.map((each) => each.id).join(", ")}.`);
  const page = await readFile(new URL(`../rules/${rule.id}/README.md`, import.meta.url), "utf8");
  return renderExplanation(rule, page, { color: wantsColor(), width: terminalWidth() });
}
