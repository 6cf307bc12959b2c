"""A module's name under a module's lock."""

import threading

total = 0
_guard = threading.Lock()


class Program:
    def step(self):
        global total
        with _guard:
            total += 1
            return total
