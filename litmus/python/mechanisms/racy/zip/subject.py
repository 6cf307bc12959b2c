"""zip walks two lists that belong together."""


class Program:
    def __init__(self):
        self.names = ["a", "b"]
        self.values = [1, 2]

    def table(self):
        return dict(zip(self.names, self.values))

    def swap(self):
        self.names.reverse()
        self.values.reverse()
