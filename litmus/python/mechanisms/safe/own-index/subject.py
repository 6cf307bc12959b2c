"""Every thread writes its own element of one list."""


class Program:
    def __init__(self):
        self.results = [0, 0]

    def first(self):
        self.results[0] = self.results[0] + 1

    def second(self):
        self.results[1] = self.results[1] + 1
