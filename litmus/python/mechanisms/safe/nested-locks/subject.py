"""Four locks inside one another."""

import threading


class Program:
    def __init__(self):
        self._locks = [threading.Lock() for _ in range(4)]
        self.value = 0

    def _under(self, depth):
        if depth == len(self._locks):
            self.value += 1
            return
        with self._locks[depth]:
            self._under(depth + 1)

    def step(self):
        self._under(0)
