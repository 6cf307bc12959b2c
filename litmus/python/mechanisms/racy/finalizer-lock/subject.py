"""A finalizer waits for a lock that the thread it interrupts holds. (collects garbage)"""

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
        self._lock = threading.Lock()
        self._free = 3
        Lease(self)

    def take(self):
        with self._lock:
            self._free -= 1
