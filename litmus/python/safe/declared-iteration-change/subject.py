"""A table that says like dict: do not change it while you walk over it."""


class Table:
    def __init__(self):
        self.rows = {"a": 1, "b": 2}

    def total(self):
        found = 0
        for name in self.rows:
            found += self.rows[name]
        return found

    def add(self, name):
        self.rows[name] = 3
