// The text of a file in, GitHub's primaryLocationLineHash of each of its lines out, so that alerts keep their identity there.
// Source: the fingerprints of GitHub's code-scanning upload action: a rolling polynomial hash (factor 37, modulo 2^64) over the 100
// characters that are no blanks from the line's start on; line ends count as LF, the end as U+FFFF and then zeros; equal hashes are numbered.

const windowSize = 100;
const factor = 37;
const limb = 2 ** 32;
const endOfFile = 0xffff;

/** 64-bit numbers as two halves: a BigInt for every character would take seconds for a large file. */
interface Wide {
  readonly high: number;
  readonly low: number;
}

const zero: Wide = { high: 0, low: 0 };

function multiply({ high, low }: Wide, by: number): Wide {
  const product = low * by;
  return { high: (high * by + Math.floor(product / limb)) % limb, low: product % limb };
}

function add(a: Wide, b: Wide): Wide {
  const low = a.low + b.low;
  return { high: (a.high + b.high + (low >= limb ? 1 : 0)) % limb, low: low % limb };
}

function subtract(a: Wide, b: Wide): Wide {
  const low = a.low - b.low;
  return { high: (((a.high - b.high - (low < 0 ? 1 : 0)) % limb) + limb) % limb, low: low < 0 ? low + limb : low };
}

/** What a character weighs when it leaves the window. */
const leaving: Wide = Array.from({ length: windowSize }).reduce<Wide>((power) => multiply(power, factor), { high: 0, low: 1 });

/** Index 0 is line 1. */
export function lineHashesOf(text: string): string[] {
  const { characters, starts } = significantOf(text);
  const counts = new Map<string, number>();
  let hash = zero;
  let next = 0;
  const fill = (end: number): void => {
    for (; next < end; next++) {
      const gone = characters[next - windowSize] ?? 0;
      hash = subtract(add(multiply(hash, factor), { high: 0, low: characters[next] ?? 0 }), multiply(leaving, gone));
    }
  };
  return starts.map((start) => {
    fill(start + windowSize);
    const value = (BigInt(hash.high) * BigInt(limb) + BigInt(hash.low)).toString(16);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    return `${value}:${count}`;
  });
}

/** Characters without blanks, and where each line begins among them. */
function significantOf(text: string): { readonly characters: number[]; readonly starts: number[] } {
  const characters: number[] = [];
  const starts = [0];
  let afterReturn = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    const isReturn = character === 0x0d;
    const skipped = character === 0x20 || character === 0x09 || (afterReturn && character === 0x0a);
    afterReturn = isReturn;
    if (skipped) continue;
    characters.push(isReturn ? 0x0a : character);
    if (isReturn || character === 0x0a) starts.push(characters.length);
  }
  characters.push(endOfFile);
  return { characters, starts };
}
