"""functools.partial fixes a value that has changed when the call is made."""

import functools


class Program:
    def __init__(self):
        self.base = 1

    def _store(self, base):
        self.base = base + 1

    def step(self):
        later = functools.partial(self._store, self.base)
        later()
