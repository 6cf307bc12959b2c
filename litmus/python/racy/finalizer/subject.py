"""A finalizer gives back what a thread may just be counting."""


class Pool:
    def __init__(self, free):
        self.free = free

    def take(self):
        self.free -= 1


class Lease:
    """Is in a cycle with itself: only the garbage collector ends it."""

    def __init__(self, pool):
        self._pool = pool
        self._itself = self

    def __del__(self):
        self._pool.free += 1
