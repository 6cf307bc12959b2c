"""The same with the protection taken away: something must be reported for each."""

import contextlib
import threading
from collections import OrderedDict, deque


class BrokenCounter:
    def __init__(self):
        self.value = 0

    def add(self, amount):
        self.value += amount
        return self.value


class BrokenLru:
    def __init__(self, limit=4):
        self._limit = limit
        self._entries = OrderedDict()

    def __getitem__(self, key):
        self._entries.move_to_end(key)
        return self._entries[key]

    def __setitem__(self, key, value):
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)

    def pop(self, key):
        return self._entries.pop(key)


class BrokenFree:
    def __init__(self):
        self._free = []
        self._next = 0

    def take(self):
        if self._free:
            return self._free.pop()
        self._next += 1
        return self._next - 1

    def give_back(self, number):
        self._free.append(number)


class Handles:
    """Only its end can be disturbed: nobody promises that."""

    def __init__(self):
        self._open = {"a": 1}

    def use(self):
        return self._open["a"] if "a" in self._open else None

    def close(self):
        self._open.clear()


class EagerWorker:
    """Tells its thread to end before the last job is there."""

    def __init__(self):
        self._lock = threading.Lock()
        self._jobs = deque()
        self._closing = False

    def _start(self):
        threading.Thread(target=self._run).start()

    def _run(self):
        for _ in range(3):
            if not self._goes_on():
                break
            with contextlib.suppress(IndexError):
                self._jobs.popleft()

    def _goes_on(self):
        with self._lock:
            return not (self._closing and not self._jobs)

    def close(self):
        with self._lock:
            self._closing = True
        self._jobs.append("the last one")
