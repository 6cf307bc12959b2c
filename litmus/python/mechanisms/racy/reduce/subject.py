"""functools.reduce folds a list whose elements change on the way."""

import functools


class Program:
    def __init__(self):
        self.amounts = [1, 2, 3]

    def total(self):
        return functools.reduce(lambda one, other: one + other, self.amounts, 0)

    def transfer(self):
        self.amounts[0] -= 1
        self.amounts[2] += 1
