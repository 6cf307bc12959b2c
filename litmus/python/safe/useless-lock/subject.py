"""All calls take the lock of the object."""

import threading


class Numbers:
    def __init__(self):
        self.lock = threading.Lock()
        self.last = 0

    def draw(self):
        with self.lock:
            self.last += 1
            return self.last
