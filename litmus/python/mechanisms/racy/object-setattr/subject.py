"""Frozen objects are written through object.__setattr__."""


class Program:
    def __init__(self):
        object.__setattr__(self, "value", 0)

    def __setattr__(self, name, value):
        raise AttributeError("frozen")

    def step(self):
        before = object.__getattribute__(self, "value")
        object.__setattr__(self, "value", before + 1)
