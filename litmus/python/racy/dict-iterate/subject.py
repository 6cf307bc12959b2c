"""A registry that is walked in place: RuntimeError when it grows meanwhile."""


class Registry:
    def __init__(self):
        self.entries = {}

    def add(self, name, value):
        self.entries[name] = value

    def total(self):
        result = 0
        for value in self.entries.values():
            result += value
        return result
