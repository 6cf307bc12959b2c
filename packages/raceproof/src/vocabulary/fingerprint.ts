// Parts of an identity in, a short stable hash out. FNV-1a twice, 64 bits in all: identity, not security.
// Source: Fowler, Noll, Vo (RFC 9923); pure arithmetic because the vocabulary does no I/O and imports nothing.

function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** 16 hexadecimal digits. */
export function fingerprintOf(parts: readonly string[]): string {
  const text = parts.join("\u0000");
  return [0x811c9dc5, 0x050c5d1f].map((basis) => fnv1a(text, basis).toString(16).padStart(8, "0")).join("");
}
