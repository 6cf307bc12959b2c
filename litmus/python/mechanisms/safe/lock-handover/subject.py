"""Written and read under one lock; either order is right."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.low = self.high = 0

    def write(self):
        with self._lock:
            self.low = 1
            self.high = 1

    def read(self):
        with self._lock:
            return self.low, self.high
