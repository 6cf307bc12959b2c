// Locksets: which identified locks are held at a program point (Savage et al., Eraser, 1997; RacerD for summaries).

/** Sorted, duplicate-free display names of locks, e.g. ["Cache._lock"]. The empty list means: no lock known to be held. */
export type Lockset = readonly string[];

export const noLocks: Lockset = [];

export function lockset(locks: Iterable<string>): Lockset {
  const distinct = [...new Set(locks)];
  return distinct.length < 2 ? distinct : distinct.toSorted();
}

export function joinLocksets(a: Lockset, b: Lockset): Lockset {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return lockset([...a, ...b]);
}

export function intersectLocksets(a: Lockset, b: Lockset): Lockset {
  return a.filter((lock) => b.includes(lock));
}
