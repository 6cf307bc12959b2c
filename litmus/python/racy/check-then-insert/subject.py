"""A cache of connections: two threads may make one each, and one of them is lost."""


class Connection:
    def __init__(self, name):
        self.name = name


class Connections:
    def __init__(self):
        self.by_name = {}

    def get(self, name):
        if name not in self.by_name:
            self.by_name[name] = Connection(name)
        return self.by_name[name]
