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
  /** By id. The bytes of a name are pool[offsets[id]..offsets[id + 1]). */
  private hashes: Int32Array = new Int32Array(1 << 11);
  private offsets: Uint32Array = new Uint32Array(1 << 11);
  private readonly texts: (string | undefined)[] = [""];
  private pool: Uint8Array = new Uint8Array(1 << 15);

  constructor() {
    for (const word of hardKeywords) this.intern(word);
    for (const word of softKeywords) this.intern(word);
  }

  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    if (id >= this.texts.length) return "";
    const text = decoder.decode(this.pool.subarray(this.offsets[id], this.offsets[id + 1]));
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
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let slot = firstSlot(hash, mask);
    for (let id = slots[slot]!; id !== 0; id = slots[slot]!) {
      if (hashes[id] === hash && this.equalsPooled(id, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.texts.length;
    slots[slot] = id;
    this.append(bytes.subarray(start, end), hash);
    if (id * 2 > slots.length) this.rehash();
    return id;
  }

  private equalsPooled(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { pool } = this;
    let pooled = this.offsets[id]!;
    if (this.offsets[id + 1]! - pooled !== end - start) return false;
    for (let at = start; at < end; at++, pooled++) {
      if (pool[pooled] !== bytes[at]) return false;
    }
    return true;
  }

  private append(name: Uint8Array, hash: number): void {
    const id = this.texts.length;
    if (id + 1 >= this.hashes.length) {
      this.hashes = enlarged(this.hashes, new Int32Array(id * 2 + 2));
      this.offsets = enlarged(this.offsets, new Uint32Array(id * 2 + 2));
    }
    const offset = this.offsets[id]!;
    const end = offset + name.length;
    if (end > this.pool.length) this.pool = enlarged(this.pool, new Uint8Array(end * 2));
    this.pool.set(name, offset);
    this.hashes[id] = hash;
    this.offsets[id + 1] = end;
    this.texts.push(undefined);
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id < this.texts.length; id++) {
      let slot = firstSlot(this.hashes[id]!, mask);
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.slots = slots;
  }
}

function firstSlot(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}

function enlarged<T extends Uint8Array | Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** A new, empty name table for one program. */
export function createNameTable(): NameTable {
  return new ByteNameTable();
}
