"""An attribute in __slots__: there is no dictionary behind it."""


class Program:
    __slots__ = ("value",)

    def __init__(self):
        self.value = 0

    def step(self):
        self.value += 1
