"""The cache of racy/check-then-insert with dict.setdefault, which checks and inserts in one step."""


class Connection:
    def __init__(self, name):
        self.name = name


class Connections:
    def __init__(self):
        self.by_name = {}

    def get(self, name):
        return self.by_name.setdefault(name, Connection(name))
