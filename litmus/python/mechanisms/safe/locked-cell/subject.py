"""A variable of the enclosing function, and a lock beside it."""

import threading


def make_counter():
    count = 0
    lock = threading.Lock()

    def step():
        nonlocal count
        with lock:
            count += 1
            return count

    return step


class Program:
    def __init__(self):
        self._step = make_counter()

    def step(self):
        return self._step()
