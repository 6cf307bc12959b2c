"""`0 <= position < len(...)` tests two things of two moments."""


class Program:
    def __init__(self):
        self.low = 0
        self.high = 10

    def contains(self, number=12):
        return self.low <= number < self.high

    def move(self):
        self.high = 30
        self.low = 20
