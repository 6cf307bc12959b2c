"""What the random strategies share: who can be chosen.

Enters: actors.  Leaves: candidates.  A seed decides everything, so one number names a whole schedule.
"""

from .actor import READY, SLEEPING
from .draws import Draws
from .strategies import Strategy


class SeededStrategy(Strategy):
    """Base of the strategies that draw; they are asked at every switch point unless they say otherwise."""

    def __init__(self, seed):
        super().__init__()
        self._draws = Draws(seed)

    def adopt(self, actor):
        actor.wanted = 0

    def _candidates(self):
        """Actors a schedule may choose; sleeping ones may wake up at any time."""
        return [actor for actor in self._actors if actor.state is READY or actor.state is SLEEPING]

    def _choose(self):
        """One of the candidates."""
        raise NotImplementedError

    def begin(self, actors):
        super().begin(actors)
        return self._choose()

    def follow(self):
        if super().follow() is None:  # nobody is ready: time decides
            return None
        return self._choose()
