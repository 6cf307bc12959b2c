"""The registry of racy/dict-iterate with walks over a snapshot: list() copies in one step."""


class Registry:
    def __init__(self):
        self.entries = {}

    def add(self, name, value):
        self.entries[name] = value

    def total(self):
        result = 0
        for value in list(self.entries.values()):
            result += value
        return result
