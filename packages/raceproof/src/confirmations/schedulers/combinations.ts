// Choices of k stops out of n places, counted and picked by rank in lexicographic order.

/** Binomial coefficient; exact below 2^53. */
export function countCombinations(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let count = 1;
  for (let i = 1; i <= k; i += 1) count = (count * (n - k + i)) / i;
  return count;
}

/** The combination of k numbers out of 0..n-1 at `rank` (from 0), ascending. */
export function combinationAt(n: number, k: number, rank: number): number[] {
  const chosen: number[] = [];
  let rest = rank;
  for (let candidate = 0; chosen.length < k; candidate += 1) {
    const startingHere = countCombinations(n - candidate - 1, k - chosen.length - 1);
    if (rest < startingHere) chosen.push(candidate);
    else rest -= startingHere;
  }
  return chosen;
}
