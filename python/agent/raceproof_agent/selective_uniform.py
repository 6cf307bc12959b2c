"""SURW and URW: every order of the interesting accesses with about the same probability.

Source: Zhao, Wang, Cohen and others, "Selectively Uniform Concurrency Testing", ASPLOS 2025: the thread that makes the
next interesting access is drawn by how many each has left; meanwhile the others move only up to theirs.
Enters: a seed, the interesting accesses per thread, the interesting sites (None: all, which is URW).
Departure: counts come from one earlier execution; a thread that makes more counts as having one left.
"""

from .seeded_strategy import SeededStrategy


class SelectiveUniform(SeededStrategy):
    """Random walk, uniform over the interesting accesses."""

    def __init__(self, seed, counts, interesting):
        super().__init__(seed)
        self._counts = counts
        self._interesting = interesting
        self._left = []
        self._waits = []  # per thread: it stands before an interesting access
        self._intended = None

    def adopt(self, actor):
        super().adopt(actor)
        index = len(self._left)
        self._left.append(max(1, self._counts[index]) if index < len(self._counts) else 1)
        self._waits.append(False)

    def arrive(self, actor, site):
        self._waits[actor.index] = self._interesting is None or site in self._interesting
        return self._choose()

    def _choose(self):
        candidates = self._candidates()
        if self._intended not in candidates:
            self._intend(candidates)
        allowed = [actor for actor in candidates if actor is self._intended or not self._waits[actor.index]]
        if self._interesting is None:
            allowed = [self._intended]
        chosen = allowed[self._draws.below(len(allowed))]
        if self._waits[chosen.index]:
            self._waits[chosen.index] = False
            self._left[chosen.index] = max(1, self._left[chosen.index] - 1)
            self._intended = None
        elif self._interesting is None:
            self._intended = None
        return chosen

    def _intend(self, candidates):
        self._intended = candidates[self._draws.weighted([self._left[actor.index] for actor in candidates])]
