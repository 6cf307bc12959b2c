"""The class of an object is exchanged between two calls that must agree."""


class Closed:
    def label(self):
        return "closed"

    def size(self):
        return 0


class Open:
    def label(self):
        return "open"

    def size(self):
        return 1


class Program:
    def __init__(self):
        self.door = Closed()

    def describe(self):
        return self.door.label(), self.door.size()

    def unlock(self):
        self.door.__class__ = Open
