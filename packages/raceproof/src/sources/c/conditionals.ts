// The conditionals of one file: which branch lives.
// What enters: a scanner behind the name of a conditional directive. What leaves: the scanner at the next living line.
// A branch that is never closed ends with its file, as do compilers' error messages; we go on.
import { evaluateCondition } from "./evaluate-condition.ts";
import type { MacroLookup } from "./expand-macro.ts";
import { readTokens } from "./macro.ts";
import type { Scanner } from "./scanner.ts";

export class Conditionals {
  private readonly scanner: Scanner;
  private readonly lookup: MacroLookup;
  /** Of each open conditional, whether a branch of it has lived. */
  private readonly taken: boolean[] = [];

  /** @param lookup what `#ifdef` asks */
  constructor(scanner: Scanner, lookup: MacroLookup) {
    this.scanner = scanner;
    this.lookup = lookup;
  }

  /** @returns false when the directive is none of a conditional */
  read(directive: string): boolean {
    switch (directive) {
      case "if":
      case "ifdef":
      case "ifndef":
        return this.open(this.evaluate(directive));
      case "elif":
      case "elifdef":
      case "elifndef":
      case "else":
        // A living branch ends here.
        this.scanner.takeLine();
        if (this.taken.length > 0) this.skipToLiving();
        return true;
      case "endif":
        this.scanner.takeLine();
        this.taken.pop();
        return true;
      default:
        return false;
    }
  }

  private open(value: boolean): boolean {
    this.taken.push(value);
    if (!value) this.skipToLiving();
    return true;
  }

  private skipToLiving(): void {
    const last = this.taken.length - 1;
    for (;;) {
      const directive = this.scanner.skipBranch();
      if (directive === "") return;
      if (directive === "endif") {
        this.scanner.takeLine();
        this.taken.pop();
        return;
      }
      if (this.taken[last] === true) this.scanner.takeLine();
      else if (directive === "else" ? this.takeElse() : this.evaluate(directive.slice(2))) {
        this.taken[last] = true;
        return;
      }
    }
  }

  private takeElse(): boolean {
    this.scanner.takeLine();
    return true;
  }

  /** @param directive "if", "ifdef" or "ifndef" */
  private evaluate(directive: string): boolean {
    const { scanner } = this;
    const start = scanner.at;
    const tokens = readTokens({ text: scanner.text, file: 0 }, start, scanner.takeLine());
    if (directive === "if") return evaluateCondition(tokens, this.lookup) !== 0;
    const isDefined = this.lookup(tokens[0]?.text ?? "") !== undefined;
    return isDefined === (directive === "ifdef");
  }
}
