"""enumerate counts along a list that grows at its front."""


class Program:
    def __init__(self):
        self.items = ["a", "b"]

    def numbered(self):
        return [(position, item) for position, item in enumerate(self.items)]

    def insert(self):
        self.items.insert(0, "z")
