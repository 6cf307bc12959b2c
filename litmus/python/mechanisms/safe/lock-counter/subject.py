"""An increment under a lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def step(self):
        with self._lock:
            self.value = self.value + 1
