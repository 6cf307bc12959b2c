// How much a Markdown report shows, from everything down to a bare inventory, and a ledger of what was left out.
// Rendering goes down the ladder until the text fits GitHub's limit for one issue or comment.
import { clip, plural } from "./plain-text.ts";

/** GitHub refuses bodies above 65,536 characters; the rest is room for the person who pastes the report. */
export const markdownLimit = 65_000;

export interface Detail {
  readonly shapes: number;
  readonly sitesPerShape: number;
  readonly reproducersPerShape: number;
  readonly reproducers: number;
  readonly clearedRows: number;
  /** Characters of one block: driver, witness string, swimlane. */
  readonly blockCharacters: number;
  /** Code points of one cell or sentence. */
  readonly textCharacters: number;
}

const everything = Number.POSITIVE_INFINITY;

/** Fullest first. */
export const detailLadder: readonly [Detail, ...Detail[]] = [
  {
    shapes: everything,
    sitesPerShape: everything,
    reproducersPerShape: everything,
    reproducers: everything,
    clearedRows: everything,
    blockCharacters: 30_000,
    textCharacters: 2000,
  },
  { shapes: everything, sitesPerShape: 60, reproducersPerShape: 3, reproducers: everything, clearedRows: 40, blockCharacters: 8000, textCharacters: 500 },
  { shapes: everything, sitesPerShape: 40, reproducersPerShape: 1, reproducers: 12, clearedRows: 20, blockCharacters: 6000, textCharacters: 300 },
  { shapes: 30, sitesPerShape: 25, reproducersPerShape: 1, reproducers: 8, clearedRows: 10, blockCharacters: 3000, textCharacters: 200 },
  { shapes: 20, sitesPerShape: 10, reproducersPerShape: 1, reproducers: 3, clearedRows: 5, blockCharacters: 3000, textCharacters: 160 },
  { shapes: 20, sitesPerShape: 5, reproducersPerShape: 0, reproducers: 0, clearedRows: 3, blockCharacters: 0, textCharacters: 100 },
];

/** One rendering at one rung: cuts lists and texts to the rung's sizes and remembers what fell out. */
export class DetailLedger {
  readonly detail: Detail;
  readonly #omitted = new Map<string, number>();
  #reproducers = 0;

  constructor(detail: Detail) {
    this.detail = detail;
  }

  /** The first `limit` items; the rest is booked under `noun` ("site", "shape"). */
  take<Item>(items: readonly Item[], limit: number, noun: string): readonly Item[] {
    const shown = items.slice(0, limit);
    this.#book(noun, items.length - shown.length);
    return shown;
  }

  /** Like `take`, for reproducers, which are also limited over the whole report. */
  takeReproducers<Item>(items: readonly Item[]): readonly Item[] {
    const room = Math.max(0, Math.min(this.detail.reproducersPerShape, this.detail.reproducers - this.#reproducers));
    const shown = this.take(items, room, "reproducer");
    this.#reproducers += shown.length;
    return shown;
  }

  /** The text clipped to the rung's size. Clipping a sentence is visible by its "…" and not booked. */
  text(text: string): string {
    return clip(text, this.detail.textCharacters);
  }

  /** The block as it is, or undefined when it is too long for the rung. */
  block(text: string, noun: string): string | undefined {
    if (text.length <= this.detail.blockCharacters) return text;
    this.#book(noun, 1);
    return undefined;
  }

  /** "12 sites, 3 reproducers"; the empty text when nothing was left out. */
  describeOmitted(): string {
    return [...this.#omitted].map(([noun, count]) => plural(count, noun)).join(", ");
  }

  #book(noun: string, count: number): void {
    if (count > 0) this.#omitted.set(noun, (this.#omitted.get(noun) ?? 0) + count);
  }
}
