"""The length names the new element, under the lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.items = []

    def add(self):
        with self._lock:
            if len(self.items) < 5:
                self.items.append(len(self.items))
