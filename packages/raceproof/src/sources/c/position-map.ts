// From offsets of expanded text back to the files it was made of.
// What enters: segments in the order of the text. What leaves: two answers for an offset: where its macro is invoked, and where its characters stand.
// The first never decreases within one file; the second also leads into macro definitions and arguments.

/** Parallel arrays, one entry per stretch of text that comes from one place. */
export interface PositionMap {
  /** Paths by file number. The first is the unit's own. */
  readonly files: readonly string[];
  readonly size: number;
  /** Offset in the expanded text where the segment begins; ascending, the first is 0. */
  readonly at: Uint32Array;
  /** Where it comes from: the text itself, or the name of the outermost macro that was invoked. */
  readonly file: Uint16Array;
  readonly offset: Uint32Array;
  /** Where its characters stand; noFile for text of the prelude, which no file has. */
  readonly spelledFile: Uint16Array;
  readonly spelledOffset: Uint32Array;
  /** 1 where the text comes out of a macro: `offset` then holds for the whole segment. */
  readonly expanded: Uint8Array;
}

export const noFile = 0xffff;

export interface FileOffset {
  readonly path: string;
  readonly offset: number;
}

/** Where a reader of the file finds it: for text out of a macro, the outermost invocation. */
export function originOf(map: PositionMap, at: number): FileOffset {
  const segment = segmentAt(map, at);
  const distance = map.expanded[segment] === 1 ? 0 : at - (map.at[segment] as number);
  return { path: map.files[map.file[segment] as number] as string, offset: (map.offset[segment] as number) + distance };
}

/** Where the characters themselves stand: in a macro's definition or argument. Undefined for text of a macro that only we define. */
export function spellingOf(map: PositionMap, at: number): FileOffset | undefined {
  const segment = segmentAt(map, at);
  const file = map.spelledFile[segment] as number;
  if (file === noFile) return undefined;
  return { path: map.files[file] as string, offset: (map.spelledOffset[segment] as number) + at - (map.at[segment] as number) };
}

function segmentAt({ at: starts, size }: PositionMap, at: number): number {
  let low = 0;
  let high = size;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= at) low = middle;
    else high = middle;
  }
  return low;
}
