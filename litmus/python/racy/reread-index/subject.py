"""last() measures the list and then indexes it: IndexError when drop() comes in between."""


class Stack:
    def __init__(self):
        self.items = [1, 2]

    def last(self):
        count = len(self.items)
        return self.items[count - 1]

    def drop(self):
        self.items.pop()
