"""Two threads see one element in the deque, both take it."""

import collections


class Program:
    def __init__(self):
        self.work = collections.deque(["only"])

    def take(self):
        if len(self.work) > 0:
            return self.work.popleft()
        return None
