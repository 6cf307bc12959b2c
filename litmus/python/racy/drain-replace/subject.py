"""drain() copies and then replaces the list: what add() puts there in between is lost."""


class Queue:
    def __init__(self):
        self.items = [1]
        self.done = []

    def add(self, item):
        self.items.append(item)

    def drain(self):
        for item in list(self.items):
            self.done.append(item)
        self.items = []

    def count(self):
        return len(self.items) + len(self.done)
