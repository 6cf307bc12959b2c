// Macro calls rewritten in place so that the grammar reads their arguments: `vec![a; n]` becomes `vec (a, n)`, `lazy_static! {` becomes `mod lazy_sta {`.
// What enters: text and what was found in it. What leaves: text of the same length; every offset stays.
import type { MacroCandidate, RustScan } from "./macro-candidates.ts";

/** Shortest name, with its "!", that "mod x" fits over. */
const shortestModule = 5;

/** @param left macros that are not touched: their text did not parse as arguments or items */
export function maskMacros(text: string, scan: RustScan, left: ReadonlySet<MacroCandidate>): string {
  const characters = Buffer.from(text, "latin1");
  for (const wide of scan.wideCharacters) maskCharacter(characters, wide);
  for (const candidate of scan.macros) if (!left.has(candidate)) maskMacro(characters, candidate);
  for (let at = 0; at < characters.length; at++) if (characters[at]! >= 0x80) characters[at] = 0xe9;
  return characters.toString("latin1");
}

/** Any literal of the same length. */
function maskCharacter(characters: Buffer, { start, end }: { readonly start: number; readonly end: number }): void {
  const literal = end - start === 4 ? "'\\n'" : end - start === 5 ? " '\\n'" : "'\\x41'";
  characters.write(literal, start, "latin1");
}

function maskMacro(characters: Buffer, candidate: MacroCandidate): void {
  const { bang, open, close, delimiter, name, commas, semicolons } = candidate;
  if (delimiter === "{") return maskItems(characters, candidate);
  characters.fill(" ", bang, open);
  characters[open] = 0x28;
  characters[close] = 0x29;
  for (const at of semicolons) characters[at] = 0x2c;
  const [first] = commas;
  // What follows is a pattern.
  if (name === "matches" && first !== undefined) characters.fill(" ", first, close);
}

function maskItems(characters: Buffer, { start, bang, open, close }: MacroCandidate): void {
  if (bang + 1 - start < shortestModule) return;
  characters.fill("m", start, bang + 1);
  characters.write("mod ", start, "latin1");
  const within = characters.subarray(open, close).toString("latin1");
  for (const { index } of within.matchAll(/\bstatic\s+ref\b/g)) {
    const at = characters.indexOf("ref", open + index + "static".length, "latin1");
    characters.fill(" ", at, at + 3);
  }
}
