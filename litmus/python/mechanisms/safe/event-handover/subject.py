"""A value is written, then the event is set; the reader waits for the event."""

import threading


class Program:
    def __init__(self):
        self._ready = threading.Event()
        self.value = None

    def publish(self):
        self.value = 42
        self._ready.set()

    def wait(self):
        self._ready.wait()
        return self.value
