"""A finalizer leaves a note in one step; who takes counts the notes."""


class Pool:
    def __init__(self, free):
        self.free = free
        self._returned = []

    def take(self):
        self._count_returned()
        self.free -= 1

    def _count_returned(self):
        while self._returned:
            self.free += self._returned.pop()


class Lease:
    """Is in a cycle with itself: only the garbage collector ends it."""

    def __init__(self, pool):
        self._pool = pool
        self._itself = self

    def __del__(self):
        self._pool._returned.append(1)
