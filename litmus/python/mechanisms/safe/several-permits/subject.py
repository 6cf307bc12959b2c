"""Two permits, and state of each holder's own."""

import threading


class Program:
    def __init__(self):
        self._permits = threading.BoundedSemaphore(2)
        self.results = {}

    def first(self):
        with self._permits:
            self.results["first"] = 1

    def second(self):
        with self._permits:
            self.results["second"] = 2
