"""getattr and setattr under the lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def step(self):
        with self._lock:
            setattr(self, "value", getattr(self, "value") + 1)
