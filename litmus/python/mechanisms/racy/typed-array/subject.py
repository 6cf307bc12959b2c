"""An element of array.array."""

import array


class Program:
    def __init__(self):
        self.values = array.array("i", [0, 0])

    def step(self):
        self.values[0] = self.values[0] + 1
