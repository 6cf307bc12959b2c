"""Every method takes the lock: a drain sees the entry under its old name or its new one."""

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
        with self._lock:
            names, self._names = self._names, []
            return names
