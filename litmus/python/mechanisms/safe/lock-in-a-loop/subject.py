"""The lock is taken for every round; each round is complete in itself and nothing is returned."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def steps(self):
        for _ in range(3):
            with self._lock:
                self.value += 1
