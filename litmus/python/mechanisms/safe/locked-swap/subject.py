"""A swap under the lock; the reader takes it too."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self.left = 1
        self.right = 2

    def swap(self):
        with self._lock:
            self.left, self.right = self.right, self.left

    def both(self):
        with self._lock:
            return self.left, self.right
