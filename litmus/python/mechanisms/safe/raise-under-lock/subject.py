"""An exception leaves the locked block; the caller handles it."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def _fail(self):
        with self._lock:
            self.value += 1
            raise KeyError("inside")

    def step(self):
        try:
            self._fail()
        except KeyError:
            with self._lock:
                self.value += 10
