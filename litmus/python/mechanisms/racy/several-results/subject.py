"""A function returns two attributes that are written one after the other."""


class Program:
    def __init__(self):
        self.low = 0
        self.high = 0

    def _range(self):
        return self.low, self.high

    def width(self):
        low, high = self._range()
        return high - low

    def move(self):
        self.low = 5
        self.high = 5
