"""Numbers for reuse: the heap may be empty by the time it is popped."""

import heapq


class Numbers:
    def __init__(self):
        self.free = []
        self.next = 100

    def give_back(self, number):
        heapq.heappush(self.free, number)

    def take(self):
        if self.free:
            return heapq.heappop(self.free)
        return None
