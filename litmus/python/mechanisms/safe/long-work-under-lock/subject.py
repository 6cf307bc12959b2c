"""A long computation between taking and giving back the lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.values = [5, 3, 9, 1]

    def work(self):
        with self._lock:
            total = 0
            for outer in range(2):
                for inner in range(2):
                    total += self.values[outer] * self.values[inner]
            self.values[0] = total % 97
            return total
