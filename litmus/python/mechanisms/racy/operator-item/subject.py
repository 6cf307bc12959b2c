"""operator.getitem and operator.setitem."""

import operator


class Program:
    def __init__(self):
        self.values = [0]

    def step(self):
        operator.setitem(self.values, 0, operator.getitem(self.values, 0) + 1)
