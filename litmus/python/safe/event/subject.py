"""A value published before its event is set."""

import threading


class Promise:
    def __init__(self):
        self.value = None
        self._ready = threading.Event()

    def fulfill(self, value):
        self.value = value
        self._ready.set()

    def wait(self):
        self._ready.wait()
        return self.value
