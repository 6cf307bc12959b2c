"""A lock, an event and a queue, each for what it is for."""

import queue
import threading


class Program:
    def __init__(self):
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._queue = queue.Queue(maxsize=1)
        self.total = 0

    def produce(self):
        for number in (1, 2):
            self._queue.put(number)
        self._done.wait()
        with self._lock:
            return self.total

    def consume(self):
        for _ in range(2):
            number = self._queue.get()
            with self._lock:
                self.total += number
        self._done.set()
