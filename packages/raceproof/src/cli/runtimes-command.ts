// `raceproof runtimes`: the Python interpreters on this machine.
import { Option } from "commander";
import type { Command } from "commander";
import { discoverRuntimes } from "../confirmations/index.ts";
import type { Runtime } from "../vocabulary/index.ts";
import { deliver } from "./terminal.ts";

export function addRuntimesCommand(program: Command): void {
  program
    .command("runtimes")
    .summary("list the Python interpreters found on this machine")
    .description("Looks on PATH, in pyenv, uv and conda folders, and in raceproof's own cache folder.")
    .addOption(new Option("--output-format <format>", "how to print the list").choices(["terminal", "json"]).default("terminal"))
    .addHelpText("after", "\nExample:\n  raceproof runtimes --output-format json\n")
    .action(async (options: { readonly outputFormat: "terminal" | "json" }) => {
      const { runtimes, notifications } = await discoverRuntimes();
      for (const notification of notifications) process.stderr.write(`${notification.message}\n`);
      await deliver(options.outputFormat === "json" ? `${JSON.stringify(runtimes, null, 2)}\n` : table(runtimes), undefined);
    });
}

function table(runtimes: readonly Runtime[]): string {
  if (runtimes.length === 0) return "No Python interpreter found. Install one, or give its path with --python.\n";
  const rows = runtimes.map((runtime) => [runtime.id, lockWords(runtime), runtime.origin, runtime.executable]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function lockWords(runtime: Runtime): string {
  if (runtime.implementation === "pypy") return "PyPy";
  return runtime.freeThreaded ? "free-threaded" : "GIL";
}
