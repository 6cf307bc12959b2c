"""A counter for each thread."""

import threading


class Counters:
    def __init__(self):
        self._local = threading.local()

    def increment(self):
        self._local.value = getattr(self._local, "value", 0) + 1
        return self._local.value
