"""Random numbers for schedules: the same for one seed on every Python version.

Enters: a seed.  Leaves: numbers.  Not `random`, which the subject can see, seed and replace.
"""

_MASK = (1 << 64) - 1
_ONE = 1.0 / (1 << 53)


class Draws:
    """SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014."""

    __slots__ = ("_state",)

    def __init__(self, seed):
        self._state = (seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK

    def _bits(self):
        self._state = mixed = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def unit(self):
        """At least 0, below 1."""
        return (self._bits() >> 11) * _ONE

    def below(self, limit):
        """0..limit-1."""
        return self._bits() % limit

    def weighted(self, weights):
        """The index of one of the weights, by weight; at least one must be positive."""
        left = self._bits() % sum(weights)
        for index, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return index
        raise ValueError("no weights")
