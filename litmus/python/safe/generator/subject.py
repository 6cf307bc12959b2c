"""Jobs are handed out by a generator, one thread at a time."""

import threading


class Jobs:
    def __init__(self):
        self.lock = threading.Lock()
        self.number = 0
        self.jobs = self.generate()

    def generate(self):
        while True:
            self.number += 1
            yield self.number

    def take(self):
        with self.lock:
            return next(self.jobs)
