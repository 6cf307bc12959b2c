"""One method forgot the lock: a drain can find the entry under neither of its names."""

import threading


class Registry:
    def __init__(self):
        self._lock = threading.Lock()
        self._names = []

    def add(self, name):
        with self._lock:
            self._names.append(name)

    def rename(self, old, new):
        with self._lock:
            if old not in self._names:
                return False
            self._names.remove(old)
            self._names.append(new)
            return True

    def drain(self):
        names, self._names = self._names, []
        return names
