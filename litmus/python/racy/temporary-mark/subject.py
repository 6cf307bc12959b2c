"""get() marks the entry it has found; another get() of the same key finds nothing meanwhile."""


class Entry:
    def __init__(self, hash, value):
        self.hash = hash
        self.value = value


class Table:
    def __init__(self):
        self.entries = [Entry(7, "a")]

    def get(self, hash):
        found = []
        for entry in self.entries:
            if entry.hash == hash:
                entry.hash = -1
                found.append(entry.value)
        for entry in self.entries:
            if entry.hash == -1:
                entry.hash = hash
        return found
