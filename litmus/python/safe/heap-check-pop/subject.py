"""The numbers of racy/heap-check-pop; check and pop are under one lock."""

import heapq
import threading


class Numbers:
    def __init__(self):
        self.free = []
        self._lock = threading.RLock()

    def give_back(self, number):
        with self._lock:
            heapq.heappush(self.free, number)

    def take(self):
        with self._lock:
            if self.free:
                return heapq.heappop(self.free)
            return None
