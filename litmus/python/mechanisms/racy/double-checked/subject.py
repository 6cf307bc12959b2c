"""Double-checked locking that does not check a second time."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self._made = None

    def get(self):
        if self._made is None:
            with self._lock:
                self._made = ["made"]
        return self._made
