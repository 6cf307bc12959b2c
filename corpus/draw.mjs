// Findings and a source of random numbers in, a sample for people to read out: the same seed draws the same.

/** Mulberry32: small, and the same everywhere. */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many findings in a random order, of each package at most so many. */
export function draw(findings, { count, most }, random) {
  let rest = [...findings];
  const drawn = [];
  while (drawn.length < count && rest.length > 0) {
    const [finding] = rest.splice(Math.floor(random() * rest.length), 1);
    drawn.push(finding);
    if (drawn.filter((each) => each.package === finding.package).length >= most) rest = rest.filter((each) => each.package !== finding.package);
  }
  return drawn;
}
