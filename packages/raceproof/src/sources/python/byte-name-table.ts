// Interned identifiers, found straight from source bytes so that the lexer makes no string per name.
// What enters: UTF-8 bytes or text. What leaves: small ids, shared by all trees of a program, and their text.
// It does not normalize: the lexer brings identifiers to NFKC before interning, as Python does.

import type { NameTable } from "../syntax-tree.ts";
import { hardKeywords, softKeywords } from "./token.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One step of the hash the lexer computes while it scans a word. */
export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** Open-addressing hash table over a pool of name bytes; ids 1..35 are the hard keywords in alphabetical order. */
export class ByteNameTable implements NameTable {
  private slots: Int32Array = new Int32Array(1 << 12);
  private readonly hashes: number[] = [0];
  private readonly offsets: number[] = [0];
  private readonly lengths: number[] = [0];
  private readonly texts: (string | undefined)[] = [""];
  private pool: Uint8Array = new Uint8Array(1 << 15);
  private poolLength = 0;

  constructor() {
    for (const word of hardKeywords) this.intern(word);
    for (const word of softKeywords) this.intern(word);
  }

  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    const offset = this.offsets[id];
    if (offset === undefined) return "";
    const text = decoder.decode(this.pool.subarray(offset, offset + this.lengths[id]!));
    this.texts[id] = text;
    return text;
  }

  intern(text: string): number {
    if (text === "") return 0;
    const bytes = encoder.encode(text);
    return this.internBytes(bytes, 0, bytes.length);
  }

  /** Id of the name in bytes[start..end). */
  internBytes(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0;
    for (let at = start; at < end; at++) hash = hashStep(hash, bytes[at]!);
    return this.internHashed(bytes, start, end, hash);
  }

  /** Id of the name in bytes[start..end), whose hash (by `hashStep` over every byte, from 0) is already known. */
  internHashed(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let id = slots[slot]!; id !== 0; id = slots[slot]!) {
      if (this.hashes[id] === hash && this.lengths[id] === end - start && this.equalsPooled(id, bytes, start)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.texts.length;
    slots[slot] = id;
    this.append(bytes, start, end);
    this.hashes.push(hash);
    if (id * 2 > slots.length) this.rehash();
    return id;
  }

  private equalsPooled(id: number, bytes: Uint8Array, start: number): boolean {
    const { pool } = this;
    const offset = this.offsets[id]!;
    const length = this.lengths[id]!;
    for (let at = 0; at < length; at++) {
      if (pool[offset + at] !== bytes[start + at]) return false;
    }
    return true;
  }

  private append(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.poolLength + end - start;
    if (needed > this.pool.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.pool);
      this.pool = larger;
    }
    this.pool.set(bytes.subarray(start, end), this.poolLength);
    this.offsets.push(this.poolLength);
    this.lengths.push(end - start);
    this.texts.push(undefined);
    this.poolLength = needed;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id < this.hashes.length; id++) {
      const hash = this.hashes[id]!;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.slots = slots;
  }
}

/** A new, empty name table for one program. */
export function createNameTable(): NameTable {
  return new ByteNameTable();
}
