"""`|=` of a dictionary computed from the same dictionary. (since 3.9)"""


class Program:
    def __init__(self):
        self.counts = {"n": 0}

    def merge(self):
        self.counts |= {"n": self.counts["n"] + 1}

    def assign(self):
        self.counts["n"] = self.counts["n"] + 1
