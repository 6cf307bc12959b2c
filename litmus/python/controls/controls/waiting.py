"""Conditions, queues, semaphores, events and locks made of them."""

import contextlib
import queue
import threading
from collections import deque


class ConditionBuffer:
    def __init__(self):
        self._changed = threading.Condition()
        self._items = deque()

    def put(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify()

    def get(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            return self._items.popleft()

    def __len__(self):
        with self._changed:
            return len(self._items)


class QueueInbox:
    def __init__(self):
        self._queue = queue.Queue()

    def send(self, message):
        self._queue.put(message)

    def receive(self):
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return None


class SemaphorePool:
    def __init__(self):
        self._slots = threading.BoundedSemaphore(2)
        self._lock = threading.Lock()
        self._used = 0

    def acquire(self):
        if not self._slots.acquire(blocking=False):
            return False
        with self._lock:
            self._used += 1
        return True

    def peak(self):
        with self._lock:
            return self._used


class Gate:
    def __init__(self):
        self._open = threading.Event()

    def let_through(self):
        self._open.set()

    def is_open(self):
        return self._open.is_set()

    def pass_through(self):
        self._open.wait()
        return True


class _ReadWriteLock:
    def __init__(self):
        self._changed = threading.Condition()
        self._readers = 0

    def acquire_read(self):
        with self._changed:
            self._readers += 1

    def release_read(self):
        with self._changed:
            self._readers -= 1
            if not self._readers:
                self._changed.notify_all()

    def acquire_write(self):
        self._changed.acquire()
        while self._readers:
            self._changed.wait()

    def release_write(self):
        self._changed.release()


class ReadMostly:
    def __init__(self):
        self._guard = _ReadWriteLock()
        self._table = {}

    def look_up(self, key):
        self._guard.acquire_read()
        try:
            return self._table.get(key)
        finally:
            self._guard.release_read()

    def keys_and_values(self):
        self._guard.acquire_read()
        try:
            return [(key, self._table[key]) for key in self._table]
        finally:
            self._guard.release_read()

    def store(self, key, value):
        self._guard.acquire_write()
        try:
            self._table[key] = value
        finally:
            self._guard.release_write()

    def drop(self, key):
        self._guard.acquire_write()
        try:
            if key in self._table:
                del self._table[key]
        finally:
            self._guard.release_write()


class PatientWorker:
    """Its thread ends when nothing is left; the last job comes before the word that it is the last."""

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

    def add(self, job):
        with self._lock:
            if self._closing:
                return False
            self._jobs.append(job)
            return True

    def close(self):
        with self._lock:
            self._jobs.append("the last one")
            self._closing = True
