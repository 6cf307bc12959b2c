// The generated documents, from made-up rules and commands.
import { describe, expect, it } from "vitest";
import { renderCommandReference, renderRuleIndex } from "./generate-docs.mjs";

interface Writer {
  readonly writeOut: (text: string) => void;
}

/** As much of commander's Command as the reference uses. */
function command(name: string, help: string, commands: readonly object[] = []): object {
  let writer: Writer = { writeOut: () => undefined };
  return {
    name: () => name,
    commands,
    configureOutput: (given: Writer) => (writer = given),
    outputHelp: () => help.split(/(?=\n)/).forEach((part) => writer.writeOut(part)),
  };
}

describe("generated documents", () => {
  it("show every command's whole help", () => {
    const program = command("raceproof", "Usage: raceproof\n", [
      command("audit", "Usage: raceproof audit <paths...>\n\nExample: audit .\n"),
      command("replay", "again"),
    ]);
    const text = renderCommandReference(program);
    expect(text.match(/^#.*/gm)).toEqual(["# Command line", "## raceproof audit", "## raceproof replay"]);
    expect(text).toContain("## raceproof audit\n\n```text\nUsage: raceproof audit <paths...>\n\nExample: audit .\n```\n");
  });

  it("keep table cells whole", () => {
    const text = renderRuleIndex([{ id: "python/a-b", title: "a | b", severity: "crash", consequence: "one\ntwo" }]);
    expect(text).toContain("| a \\| b | crash | one two |");
    expect(text).toContain("rules/python/a-b/README.md");
  });
});
