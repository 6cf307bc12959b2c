"""One lock around every access."""

import bisect
import contextlib
import functools
import heapq
import threading
import weakref
from collections import OrderedDict


class LockedCounter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def add(self, amount):
        with self._lock:
            self.value += amount
            return self.value

    def read(self):
        with self._lock:
            return self.value


class LockedLru:
    def __init__(self, limit=4):
        self._lock = threading.Lock()
        self._limit = limit
        self._entries = OrderedDict()

    def __getitem__(self, key):
        with self._lock:
            self._entries.move_to_end(key)
            return self._entries[key]

    def __setitem__(self, key, value):
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            if len(self._entries) > self._limit:
                self._entries.popitem(last=False)

    def pop(self, key):
        with self._lock:
            return self._entries.pop(key)

    def __len__(self):
        with self._lock:
            return len(self._entries)

    def items(self):
        with self._lock:
            return list(self._entries.items())

    def clear(self):
        with self._lock:
            self._entries.clear()


class ReentrantAccount:
    def __init__(self):
        self._lock = threading.RLock()
        self._balance = 0
        self._history = []

    def deposit(self, amount):
        with self._lock:
            self._balance += 1
            self._note(amount)
            return self._balance

    def _note(self, amount):
        with self._lock:
            self._history.append(amount)

    def deposit_twice(self, amount):
        with self._lock:
            self.deposit(amount)
            return self.deposit(amount)

    @property
    def history(self):
        with self._lock:
            return tuple(self._history)


def synchronized(method):
    @functools.wraps(method)
    def locked(self, *arguments):
        with self._lock:
            return method(self, *arguments)

    return locked


class DecoratedStack:
    def __init__(self):
        self._lock = threading.Lock()
        self._items = []

    @synchronized
    def push(self, item):
        self._items.append(item)
        return len(self._items)

    @synchronized
    def pop(self):
        return self._items.pop() if self._items else None

    @synchronized
    def __len__(self):
        return len(self._items)


class LockedByMethod:
    def __init__(self):
        self._lock = threading.Lock()
        self._words = {}

    @contextlib.contextmanager
    def _locked(self):
        self._lock.acquire()
        try:
            yield self._words
        finally:
            self._lock.release()

    def count(self, word):
        with self._locked() as words:
            words[word] = words.get(word, 0) + 1
            return words[word]

    def forget(self, word):
        with self._locked() as words:
            return words.pop(word, 0)

    def most_common(self):
        with self._locked() as words:
            return sorted(words.items())


class SortedNumbers:
    def __init__(self):
        self._lock = threading.Lock()
        self._numbers = []

    def insert(self, number):
        with self._lock:
            bisect.insort(self._numbers, str(number))

    def discard(self, number):
        with self._lock:
            position = bisect.bisect_left(self._numbers, str(number))
            if position < len(self._numbers) and self._numbers[position] == str(number):
                del self._numbers[position]

    def smallest(self):
        with self._lock:
            return self._numbers[0] if self._numbers else None


class FreeNumbers:
    """The check and the pop of a heap under one lock."""

    def __init__(self):
        self._lock = threading.Lock()
        self._free = []
        self._next = 0

    def take(self):
        with self._lock:
            if self._free:
                return heapq.heappop(self._free)
            self._next += 1
            return self._next - 1

    def give_back(self):
        with self._lock:
            if self._next:
                self._next -= 1
                heapq.heappush(self._free, self._next)


class WeakTable:
    def __init__(self):
        self._lock = threading.Lock()
        self._table = weakref.WeakValueDictionary()
        self._strong = []

    def get_or_create(self, key):
        with self._lock:
            found = self._table.get(key)
            if found is None:
                found = self._table[key] = _Entry()
                self._strong.append(found)
            return found

    def __len__(self):
        with self._lock:
            return len(self._strong)


class _Entry:
    pass


class Transfers:
    """Two locks, always in the same order."""

    def __init__(self):
        self._first, self._second = threading.Lock(), threading.Lock()
        self._left, self._right = 10, 10

    def to_left(self):
        with self._first, self._second:
            self._left, self._right = self._left + 1, self._right - 1

    def to_right(self):
        with self._first:
            with self._second:
                self._left, self._right = self._left - 1, self._right + 1

    def total(self):
        with self._first, self._second:
            return self._left + self._right
