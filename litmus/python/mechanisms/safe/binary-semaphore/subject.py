"""A semaphore with one permit."""

import threading


class Program:
    def __init__(self):
        self._permit = threading.Semaphore(1)
        self.value = 0

    def step(self):
        with self._permit:
            self.value += 1
