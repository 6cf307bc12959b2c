"""Every thread writes its own attribute."""


class Program:
    def __init__(self):
        self.a = 0
        self.b = 0

    def first(self):
        self.a += 1

    def second(self):
        self.b += 1
