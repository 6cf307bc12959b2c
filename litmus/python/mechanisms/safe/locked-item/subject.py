"""Reading, changing and storing an entry under the lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.counts = {}

    def step(self):
        with self._lock:
            if "n" not in self.counts:
                self.counts["n"] = 0
            self.counts["n"] = self.counts["n"] + 1
