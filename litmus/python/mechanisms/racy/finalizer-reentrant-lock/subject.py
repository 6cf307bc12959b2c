"""A reentrant lock lets the finalizer in that runs on the thread that holds it. (collects garbage)"""

import threading


class Lease:
    def __init__(self, program):
        self._program = program
        self._itself = self

    def __del__(self):
        with self._program._lock:
            self._program._free += 1


class Program:
    def __init__(self):
        self._lock = threading.RLock()
        self._free = 3
        Lease(self)

    def take(self):
        with self._lock:
            self._free -= 1
