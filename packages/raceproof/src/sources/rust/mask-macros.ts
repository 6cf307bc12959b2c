// Macro calls rewritten in place so that the grammar reads their arguments: `vec![a; n]` becomes `vec (a, n)`, `lazy_static! {` becomes `mod lazy_sta {`.
// What enters: text and what was found in it. What leaves: text of the same length; every offset stays.
import type { MacroCandidate, RustGroup, RustScan } from "./macro-candidates.ts";

/** Shortest name, with its "!", that "mod x" fits over. */
const shortestModule = 5;

/** @param left macros that are not touched: their text did not parse as arguments or items */
export function maskMacros(text: string, scan: RustScan, left: ReadonlySet<MacroCandidate>): string {
  const characters = Buffer.from(text, "latin1");
  for (const wide of scan.wideCharacters) maskCharacter(characters, wide);
  // Inner macros come before those around them.
  for (const candidate of scan.macros) if (!left.has(candidate)) maskMacro(characters, candidate);
  for (let at = 0; at < characters.length; at++) if (characters[at]! >= 0x80) characters[at] = 0xe9;
  return characters.toString("latin1");
}

/** Any literal of the same length. */
function maskCharacter(characters: Buffer, { start, end }: { readonly start: number; readonly end: number }): void {
  const literal = end - start === 4 ? "'\\n'" : end - start === 5 ? " '\\n'" : "'\\x41'";
  characters.write(literal, start, "latin1");
}

/** Macros that no form fits: their names are too short to stand for a module's. */
export function isTooShort({ start, bang, delimiter }: MacroCandidate): boolean {
  return delimiter === "{" && bang + 1 - start < shortestModule;
}

function maskMacro(characters: Buffer, candidate: MacroCandidate): void {
  if (candidate.groups !== undefined) maskRules(characters, candidate, candidate.groups);
  else if (hasItems(characters, candidate)) maskItems(characters, candidate);
  else maskArguments(characters, candidate);
}

const itemStart = /^\s*(?:#\[|(?:pub(?:\([^)]*\))?\s+)?(?:impl|struct|enum|fn|mod|trait|static|unsafe impl|unsafe fn|async fn)\b)/;

function hasItems(characters: Buffer, { open, close, delimiter, start, bang }: MacroCandidate): boolean {
  if (delimiter === "{") return true;
  return bang + 1 - start >= shortestModule && itemStart.test(characters.toString("latin1", open + 1, Math.min(close, open + 200)));
}

function maskArguments(characters: Buffer, { bang, open, close, name, commas, semicolons }: MacroCandidate): void {
  characters.fill(" ", bang, open);
  characters[open] = 0x28;
  characters[close] = 0x29;
  for (const at of semicolons) characters[at] = 0x2c;
  const [first] = commas;
  // What follows is a pattern.
  if (name === "matches" && first !== undefined) characters.fill(" ", first, close);
}

function maskItems(characters: Buffer, { start, bang, open, close }: MacroCandidate): void {
  maskHead(characters, start, bang + 1);
  characters[open] = 0x7b;
  characters[close] = 0x7d;
  const within = characters.toString("latin1", open, close);
  for (const { index } of within.matchAll(/\bstatic\s+ref\b/g)) {
    const at = characters.indexOf("ref", open + index + "static".length, "latin1");
    characters.fill(" ", at, at + 3);
  }
}

function maskHead(characters: Buffer, start: number, end: number): void {
  characters.fill("m", start, end);
  characters.write("mod ", start, "latin1");
}

/** `macro_rules! name { (pattern) => { items }; ... }` becomes a module with the items; `$x` a name, `$( ... )*` its content once. */
function maskRules(characters: Buffer, { start, bang, open, close }: MacroCandidate, groups: readonly RustGroup[]): void {
  maskHead(characters, start, bang + 1);
  characters.fill(" ", bang + 1, open);
  characters[open] = 0x7b;
  characters[close] = 0x7d;
  let from = open + 1;
  for (const [index, group] of groups.entries()) {
    if (index % 2 === 0) continue;
    characters.fill(" ", from, group.open + 1);
    characters[group.close] = 0x20;
    from = group.close + 1;
  }
  characters.fill(" ", from, close);
  maskVariables(characters, open, close);
}

function maskVariables(characters: Buffer, open: number, close: number): void {
  const text = characters.toString("latin1", open, close);
  const repetitions: number[] = [];
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/\$\(|\$(?=\w)|\(|\)[^\s)]?[*+?](?![\w(])|\)/g)) {
    const at = open + index;
    if (token === "$") characters[at] = 0x5f;
    else if (token.endsWith("(")) {
      depth++;
      if (token !== "$(") continue;
      repetitions.push(depth);
      characters.fill(" ", at, at + 2);
    } else {
      if (repetitions.at(-1) === depth) {
        repetitions.pop();
        characters.fill(" ", at, at + token.length);
      }
      depth--;
    }
  }
}
