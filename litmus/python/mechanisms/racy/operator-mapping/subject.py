"""One thread uses operator functions on the dictionary, the other one subscripts."""

import operator


class Program:
    def __init__(self):
        self.values = {"n": 0}

    def by_operator(self):
        operator.setitem(self.values, "n", operator.getitem(self.values, "n") + 1)

    def by_subscript(self):
        self.values["n"] = self.values["n"] + 1
