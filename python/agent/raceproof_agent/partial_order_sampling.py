"""POS: a random priority for every pending access, drawn anew when it races with the one just made.

Source: Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
Enters: a seed.  Needs to see what is accessed, unlike the other strategies.
"""

from .locations import dependent, touched
from .seeded_strategy import SeededStrategy


class PartialOrderSampling(SeededStrategy):
    """The pending access with the highest priority is next."""

    sees_accesses = True

    def __init__(self, seed):
        super().__init__(seed)
        self._priorities = []
        self._pending = []  # per thread, locations of the access it stands before

    def adopt(self, actor):
        super().adopt(actor)
        self._priorities.append(self._draws.unit())
        self._pending.append(())

    def announce(self, actor, site, target, name):
        # the objects live as long as the thread stands there, so their identities are enough
        self._pending[actor.index] = touched(site, target, name)[0]
        self._priorities[actor.index] = self._draws.unit()

    def arrive(self, actor, site):
        return self._choose()

    def _choose(self):
        priorities, pending = self._priorities, self._pending
        chosen = max(self._candidates(), key=lambda actor: priorities[actor.index])
        made = pending[chosen.index]
        if made:
            for index, other in enumerate(pending):
                if index != chosen.index and dependent(other, made):
                    priorities[index] = self._draws.unit()
            pending[chosen.index] = ()
        return chosen
