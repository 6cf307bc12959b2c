"""min and max of one list, asked one after the other."""


class Program:
    def __init__(self):
        self.values = [1, 5]

    def spread(self):
        return max(self.values) - min(self.values)

    def shift(self):
        self.values[0] += 10
        self.values[1] += 10
