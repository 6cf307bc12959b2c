"""A missing key is made by the default factory, then counted."""

import collections


class Program:
    def __init__(self):
        self.counts = collections.defaultdict(int)

    def step(self):
        self.counts["n"] += 1
