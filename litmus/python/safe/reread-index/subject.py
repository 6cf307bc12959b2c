"""The stack of racy/reread-index; one atomic operation."""


class Stack:
    def __init__(self):
        self.items = [1, 2]

    def last(self):
        return self.items[-1]

    def drop(self):
        self.items.pop()
