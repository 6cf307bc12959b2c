"""dict.__getitem__ and dict.__setitem__, called on the class."""


class Program:
    def __init__(self):
        self.values = {"n": 0}

    def step(self):
        dict.__setitem__(self.values, "n", dict.__getitem__(self.values, "n") + 1)
