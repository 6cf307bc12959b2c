"""A method that holds the lock calls another one that takes it again."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.RLock()
        self.value = 0

    def _add(self):
        with self._lock:
            self.value += 1

    def twice(self):
        with self._lock:
            self._add()
            self._add()
