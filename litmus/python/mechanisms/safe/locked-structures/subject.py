"""A dictionary and a list that belong together, under one lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.index = {}
        self.order = []

    def insert(self):
        with self._lock:
            name = "n%d" % len(self.order)
            self.order.append(name)
            self.index[name] = len(self.order) - 1
            return self.index[name]
