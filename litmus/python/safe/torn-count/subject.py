"""The bag of racy/torn-count; both under one lock."""

import threading


class Bag:
    def __init__(self):
        self.lock = threading.Lock()
        self.items = [1]
        self.live = 1

    def clear(self):
        with self.lock:
            self.live = 0
            self.items = []

    def look(self):
        with self.lock:
            return self.live, len(self.items)
