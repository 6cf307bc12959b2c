"""`first, *rest = items` between two changes that belong together."""


class Program:
    def __init__(self):
        self.items = [1, 2, 3]

    def unpack(self):
        first, *rest = self.items
        return first, rest

    def change(self):
        self.items[0] = 10
        self.items[2] = 30
