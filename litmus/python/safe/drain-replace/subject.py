"""The queue of racy/drain-replace; one element at a time."""


class Queue:
    def __init__(self):
        self.items = [1]
        self.done = []

    def add(self, item):
        self.items.append(item)

    def drain(self):
        if self.items:
            self.done.append(self.items.pop(0))

    def count(self):
        return len(self.items) + len(self.done)
