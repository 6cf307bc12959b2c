// Sections of a lock that are opened and not closed, or the other way round: without repair their braces take the rest of the file with them.
// What enters: expanded text that did not parse. What leaves: text of the same length, in which such a macro is a call and opens or closes nothing.
// Compilers refuse such files; an editor, a review and a reduced example still want to know what is wrong with them.

const pattern =
  /"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|(?<opening>\{)(?=\s*(?:Py_BEGIN_|Py_TRASHCAN_(?:SAFE_)?BEGIN)\w*\()|(?<closing>\bPy_(?:END_|TRASHCAN_(?:SAFE_)?END)\w*\([^(){}]*\);\s*\})|[{}]/g;

export function repairSections(text: string): string {
  const blanks: number[] = [];
  /** Open braces: where each stands, and whether a macro opened it. */
  const open: { readonly at: number; readonly isSection: boolean }[] = [];
  for (const { groups = {}, index, 0: found } of text.matchAll(pattern)) {
    if (groups["opening"] !== undefined) open.push({ at: index, isSection: true });
    else if (groups["closing"] !== undefined) {
      if (open.at(-1)?.isSection === true) open.pop();
      else blanks.push(index + found.length - 1);
    } else if (found === "{") open.push({ at: index, isSection: false });
    else if (found === "}") closePlain(open, blanks);
  }
  for (const { at, isSection } of open) if (isSection) blanks.push(at);
  return withBlanks(
    text,
    blanks.toSorted((a, b) => a - b),
  );
}

/** Sections that are still open inside of the braces that end here were never closed. */
function closePlain(open: { readonly at: number; readonly isSection: boolean }[], blanks: number[]): void {
  for (let top = open.pop(); top?.isSection === true; top = open.pop()) blanks.push(top.at);
}

function withBlanks(text: string, blanks: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const at of blanks) {
    parts.push(text.slice(from, at), " ");
    from = at + 1;
  }
  return parts.join("") + text.slice(from);
}
