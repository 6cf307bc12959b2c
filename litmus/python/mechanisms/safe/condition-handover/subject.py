"""The consumer tests again after every wake-up."""

import threading


class Program:
    def __init__(self):
        self._changed = threading.Condition()
        self._items = []

    def produce(self):
        with self._changed:
            self._items.append("item")
            self._changed.notify()

    def consume(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            return self._items.pop()
