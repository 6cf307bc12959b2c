"""A buffer of one place with a condition; waiters test again after every wake-up."""

import threading


class Buffer:
    def __init__(self):
        self.items = []
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            while self.items:
                self._changed.wait()
            self.items.append(item)
            self._changed.notify_all()

    def take(self):
        with self._changed:
            while not self.items:
                self._changed.wait()
            item = self.items.pop()
            self._changed.notify_all()
            return item
