"""Correct without a lock around the reads: snapshots, copies, single steps, one writer, a state for each thread."""

import itertools
import threading
from collections import deque


class SnapshotRegistry:
    """Callbacks run outside of the lock, over a copy."""

    def __init__(self):
        self._lock = threading.Lock()
        self._callbacks = []

    def subscribe(self, callback):
        with self._lock:
            self._callbacks.append(callback)

    def unsubscribe(self, callback):
        with self._lock:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

    def notify(self):
        with self._lock:
            current = tuple(self._callbacks)
        return [str(callback) for callback in current]


class CopyOnWrite:
    def __init__(self):
        self._lock = threading.Lock()
        self._table = {}

    def get(self, key):
        return self._table.get(key)

    def names(self):
        return sorted(self._table)

    def set(self, key, value):
        with self._lock:
            table = dict(self._table)
            table[key] = value
            self._table = table

    def remove(self, key):
        with self._lock:
            table = dict(self._table)
            table.pop(key, None)
            self._table = table


class SingleWriterLog:
    def __init__(self):
        self._writing = threading.Lock()
        self._lines = ()

    def write(self, line):
        with self._writing:
            self._lines += (line,)

    def read(self):
        return self._lines

    def last(self):
        lines = self._lines
        return lines[-1] if lines else None


class PerThread:
    def __init__(self):
        self._own = threading.local()

    def count(self):
        self._own.value = getattr(self._own, "value", 0) + 1
        return self._own.value

    def read(self):
        return getattr(self._own, "value", 0)


class LazyOnce:
    def __init__(self):
        self._lock = threading.Lock()
        self._value = None

    def get(self):
        value = self._value
        if value is None:
            with self._lock:
                value = self._value
                if value is None:
                    value = self._value = [1]
        return value


class SingleSteps:
    """Each operation is one step of a dict."""

    def __init__(self):
        self._table = {}

    def claim(self, key, value):
        return self._table.setdefault(key, value)

    def release(self, key):
        return self._table.pop(key, None)

    def owner(self, key):
        return self._table.get(key)


class Mailbox:
    def __init__(self):
        self._letters = deque()

    def post(self, letter):
        self._letters.append(letter)

    def fetch(self):
        try:
            return self._letters.popleft()
        except IndexError:
            return None


class Tickets:
    def __init__(self):
        self._numbers = itertools.count(1)

    def draw(self):
        return next(self._numbers)


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x=0, y=0):
        self.x = x
        self.y = y

    def moved(self, amount):
        return Point(self.x, (self.y, amount))

    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))


class CompareAndSet:
    """Computes outside of the lock and tries again when somebody was faster."""

    def __init__(self):
        self._lock = threading.Lock()
        self._value = 0

    def add_one(self):
        while True:
            seen = self._value
            wanted = seen + 1
            with self._lock:
                if self._value == seen:
                    self._value = wanted
                    return wanted

    def read(self):
        return self._value
