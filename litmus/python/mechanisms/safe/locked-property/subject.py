"""A property whose getter and setter are used under one lock."""

import threading


class Program:
    def __init__(self):
        self._lock = threading.RLock()
        self._value = 0

    @property
    def _current(self):
        with self._lock:
            return self._value

    @_current.setter
    def _current(self, value):
        with self._lock:
            self._value = value

    def step(self):
        with self._lock:
            self._current += 1
