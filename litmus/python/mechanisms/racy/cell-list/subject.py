"""A list in a cell gets an element named by its length: length and append are two steps."""


def make_register():
    names = []

    def register():
        names.append("n%d" % len(names))

    return register, names


class Program:
    def __init__(self):
        self._register, self._names = make_register()

    def register(self):
        self._register()
