"""get with a default, then an assignment."""


class Program:
    def __init__(self):
        self.counts = {}

    def step(self):
        self.counts["n"] = self.counts.get("n", 0) + 1
