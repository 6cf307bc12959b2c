"""`if items:` and then the first item."""


class Program:
    def __init__(self):
        self.items = ["only"]

    def first(self):
        if self.items:
            return self.items[0]
        return None

    def empty(self):
        self.items.clear()
