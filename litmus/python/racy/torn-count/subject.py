"""clear() resets the count and then the list: a look in between sees one without the other."""


class Bag:
    def __init__(self):
        self.items = [1]
        self.live = 1

    def clear(self):
        self.live = 0
        self.items = []

    def look(self):
        items = self.items
        return self.live, len(items)
