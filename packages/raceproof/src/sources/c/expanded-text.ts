// The text a unit is parsed from, while it grows, and the map back to where each part comes from.
// What enters: stretches of files and tokens out of macros, in order. What leaves: text and PositionMap.
import { characterClass, Class } from "./character-class.ts";
import type { Token } from "./macro.ts";
import type { PositionMap } from "./position-map.ts";

interface Segment {
  readonly file: number;
  readonly offset: number;
  readonly spelledFile: number;
  readonly spelledOffset: number;
  readonly expanded: number;
}

export class ExpandedText {
  private text = "";
  /** Its last character: to ask the growing text itself would copy it every time. */
  private last = 32;
  private size = 0;
  private at: Uint32Array = new Uint32Array(256);
  private file: Uint16Array = new Uint16Array(256);
  private offset: Uint32Array = new Uint32Array(256);
  private spelledFile: Uint16Array = new Uint16Array(256);
  private spelledOffset: Uint32Array = new Uint32Array(256);
  private expanded: Uint8Array = new Uint8Array(256);

  get length(): number {
    return this.text.length;
  }

  /** A stretch of a file as it is. */
  addVerbatim(file: number, source: string, [start, end]: readonly [number, number]): void {
    if (end <= start) return;
    const { size } = this;
    const previous = size - 1;
    const distance = size === 0 ? 0 : this.text.length - this.at[previous]!;
    const goesOn = size > 0 && this.expanded[previous] === 0 && this.file[previous] === file && this.offset[previous]! + distance === start;
    if (!goesOn) {
      if (size > 0 && wouldJoin(this.last, source.charCodeAt(start))) this.addGap(file, start, " ");
      this.addSegment({ file, offset: start, spelledFile: file, spelledOffset: start, expanded: 0 });
    }
    this.text += source.slice(start, end);
    this.last = source.charCodeAt(end - 1);
  }

  /** Something left out: a comment, a directive. */
  addGap(file: number, offset: number, character: string): void {
    this.addSegment({ file, offset, spelledFile: file, spelledOffset: offset, expanded: 0 });
    this.text += character;
    this.last = character.charCodeAt(0);
  }

  /** Tokens that an invocation at this place became. */
  addExpansion(tokens: readonly Token[], file: number, offset: number): void {
    for (const token of tokens) {
      const spacing = token.spaced ? 1 : 0;
      // The space before a token counts to it, so that tokens written side by side are one segment.
      const segment = { file, offset, spelledFile: token.file, spelledOffset: Math.max(0, token.offset - spacing), expanded: 1 };
      if (!this.continues(segment)) {
        if (spacing === 0 && wouldJoin(this.last, token.text.charCodeAt(0))) this.addGap(file, offset, " ");
        this.addSegment(segment);
      }
      this.text += spacing === 1 ? ` ${token.text}` : token.text;
      this.last = token.text.charCodeAt(token.text.length - 1);
    }
  }

  /** Whether the last segment simply goes on there. */
  private continues({ file, offset, spelledFile, spelledOffset }: Segment): boolean {
    const previous = this.size - 1;
    if (previous < 0 || this.expanded[previous] === 0 || this.offset[previous] !== offset || this.file[previous] !== file) return false;
    const distance = this.text.length - this.at[previous]!;
    return this.spelledFile[previous] === spelledFile && this.spelledOffset[previous]! + distance === spelledOffset;
  }

  private addSegment(segment: Segment): void {
    const index = this.size++;
    if (index === this.at.length) this.grow();
    this.at[index] = this.text.length;
    this.file[index] = segment.file;
    this.offset[index] = segment.offset;
    this.spelledFile[index] = segment.spelledFile;
    this.spelledOffset[index] = segment.spelledOffset;
    this.expanded[index] = segment.expanded;
  }

  private grow(): void {
    const capacity = this.at.length * 2;
    this.at = enlarged(this.at, new Uint32Array(capacity));
    this.file = enlarged(this.file, new Uint16Array(capacity));
    this.offset = enlarged(this.offset, new Uint32Array(capacity));
    this.spelledFile = enlarged(this.spelledFile, new Uint16Array(capacity));
    this.spelledOffset = enlarged(this.spelledOffset, new Uint32Array(capacity));
    this.expanded = enlarged(this.expanded, new Uint8Array(capacity));
  }

  /** @param files paths by file number */
  finish(files: readonly string[], ownFile: number): { readonly text: string; readonly positions: PositionMap } {
    if (this.size === 0) this.addSegment({ file: ownFile, offset: 0, spelledFile: ownFile, spelledOffset: 0, expanded: 0 });
    const { size, at, file, offset, spelledFile, spelledOffset, expanded } = this;
    const positions = {
      files,
      size,
      at: at.slice(0, size),
      file: file.slice(0, size),
      offset: offset.slice(0, size),
      spelledFile: spelledFile.slice(0, size),
      spelledOffset: spelledOffset.slice(0, size),
      expanded: expanded.slice(0, size),
    };
    return { text: this.text, positions };
  }
}

function enlarged<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Whether a character right behind another would become part of its last token: "- -1" is not "--1". */
function wouldJoin(last: number, next: number): boolean {
  const isWord = characterClass[last]! <= Class.digit;
  return isWord ? characterClass[next]! <= Class.digit : last === next && "+-&|<>=".includes(String.fromCharCode(next));
}
