"""The table of racy/append-allocator; append and length are under one lock."""

import threading


class Table:
    def __init__(self):
        self.entries = []
        self._lock = threading.Lock()

    def register(self, entry):
        with self._lock:
            self.entries.append(entry)
            return len(self.entries) - 1
