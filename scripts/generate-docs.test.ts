// The generated documents, from made-up rules and commands.
import { describe, expect, it } from "vitest";
import { commandsIn, renderCommandReference, renderRuleIndex } from "./generate-docs.mjs";

const general = [
  "Usage: raceproof [options] [command]",
  "",
  "Commands:",
  "  audit [options] <paths...>  find hazards",
  "                              and more",
  "  replay <witness>            replay",
  "  help [command]              display help",
  "",
  "Exit codes:",
  "  0 clean",
].join("\n");

describe("generated documents", () => {
  it("list each command once, without help", () => {
    expect(commandsIn(general)).toEqual(["audit", "replay"]);
    const text = renderCommandReference((words: readonly string[]) => (words.length === 0 ? general : `Usage: ${words.join()}\n`));
    expect(text.match(/^## .*/gm)).toEqual(["## raceproof audit", "## raceproof replay"]);
    expect(text).toContain("Usage: audit\n```");
  });

  it("keep table cells whole", () => {
    const text = renderRuleIndex([{ id: "python/a-b", title: "a | b", severity: "crash", consequence: "one\ntwo" }]);
    expect(text).toContain("| a \\| b | crash | one two |");
    expect(text).toContain("rules/python/a-b/README.md");
  });
});
