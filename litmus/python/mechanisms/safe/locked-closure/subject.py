"""The lock lives in the closure, the list too."""

import threading


def make_register():
    names, lock = [], threading.Lock()

    def register():
        with lock:
            names.append("n%d" % len(names))
            return names[-1]

    return register


class Program:
    def __init__(self):
        self._register = make_register()

    def register(self):
        return self._register()
