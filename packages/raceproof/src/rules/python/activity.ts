// Accesses in, what they do as bits out: a rule asks for the functions and locations that do what its shape needs and passes by all others.
// Bits say "somewhere", not "in which order": they only save looking, the rules still look.
import type { AccessFact } from "../../vocabulary/index.ts";
import { addsOrRemoves, needsElement } from "./container-operations.ts";

/** Bits of one access; several may hold. */
export const activity = {
  /** Anything that rebinds, stores an element or deletes. */
  write: 0x1,
  /** Rebinds: `=`. */
  store: 0x2,
  update: 0x4,
  check: 0x8,
  /** `==` with a constant. */
  compare: 0x10,
  /** `len`. */
  measure: 0x20,
  /** Goes through a container, or calls a function or method of it. */
  walk: 0x40,
  /** Adds or removes elements. */
  mutate: 0x80,
  /** Fails or answers differently when an element is gone. */
  need: 0x100,
  /** Reads, stores or deletes one element by its key or index. */
  element: 0x200,
} as const;

const width = 10;
/** An access of a shared object under a lock, whatever it does. */
export const underLock: number = 1 << (3 * width);

/** An access of what one thread keeps for itself, whatever it does. */
export const confined: number = 1 << (3 * width + 1);

/** The same bits for accesses that other threads may make at the same time. */
export function shared(bits: number): number {
  return bits << width;
}

/** The same bits for accesses that other threads may make at the same time, with no lock held. */
export function openly(bits: number): number {
  return bits << (2 * width);
}

/** One per program: what an operation does is looked up once for each word. */
export class ActivityTable {
  private readonly words = new Map<string, number>();

  bitsOf({ kind, operation, sharing, lockset }: AccessFact): number {
    const bits = this.bitsOfWord(operation) | bitsOfKind(kind);
    if (sharing !== "shared") return sharing === "confined" ? bits | confined : bits;
    return lockset.length === 0 ? bits | shared(bits) | openly(bits) : bits | shared(bits) | underLock;
  }

  private bitsOfWord(operation: string): number {
    let bits = this.words.get(operation);
    if (bits === undefined) this.words.set(operation, (bits = bitsOfOperation(operation)));
    return bits;
  }
}

function bitsOfKind(kind: AccessFact["kind"]): number {
  switch (kind) {
    case "write":
      return activity.write;
    case "update":
      return activity.update;
    case "check":
      return activity.check;
    case "iterate":
    case "call":
      return activity.walk;
    case "read":
      return 0;
  }
}

function bitsOfOperation(operation: string): number {
  const named = operation === "=" ? activity.store : operation === "==" ? activity.compare : operation === "len" ? activity.measure : 0;
  const element = operation === "[]" || operation === "[]=" || operation === "del[]" ? activity.element : 0;
  return named | element | (addsOrRemoves(operation) ? activity.mutate : 0) | (needsElement(operation) ? activity.need : 0);
}
