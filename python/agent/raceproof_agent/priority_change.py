"""PCT: random priorities, changed at depth - 1 random steps.

Source: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of
Finding Bugs", ASPLOS 2010: a bug of depth d shows with probability at least 1 / (n * k ** (d - 1)).
Enters: seed, depth, number of steps.  Departure: a thread that sleeps gets the lowest priority, or a loop
that polls would never let the others on.
"""

from .actor import NEVER, SLEEPING
from .seeded_strategy import SeededStrategy


class PriorityChange(SeededStrategy):
    """The runnable thread with the highest priority runs; the hot path compares with the next change only."""

    def __init__(self, seed, depth, steps):
        super().__init__(seed)
        self._changes = sorted((1 + self._draws.below(max(1, steps)) for _ in range(depth - 1)), reverse=True)
        self._priorities = []
        self._lowest = -1
        self._running = None
        self._steps_of_others = 0

    def adopt(self, actor):
        self._priorities.append(1.0 + self._draws.unit())
        actor.wanted = NEVER

    def woken(self, actor, running):
        if self._priorities[actor.index] > self._priorities[running.index]:
            running.wanted = running.stop = 0

    def imposed(self, actor):
        self._enter(actor)

    def arrive(self, actor, site):
        while self._changes and self._steps_of_others + actor.passed >= self._changes[-1]:
            self._changes.pop()
            self._lowest -= 1
            self._priorities[actor.index] = self._lowest
        return self._choose()

    def follow(self):
        if self._running.state is SLEEPING:
            self._lowest -= 1
            self._priorities[self._running.index] = self._lowest
        return super().follow()

    def _choose(self):
        priorities = self._priorities
        best = max(self._candidates(), key=lambda actor: priorities[actor.index])
        self._enter(best)
        return best

    def _enter(self, actor):
        self._running = actor
        self._steps_of_others = sum(other.passed for other in self._actors) - actor.passed
        actor.wanted = self._changes[-1] - self._steps_of_others if self._changes else NEVER
