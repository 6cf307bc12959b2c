"""Every round of the comprehension reads the attribute again."""


class Program:
    def __init__(self):
        self.factor = 1

    def scaled(self):
        return [self.factor * number for number in (1, 2, 3)]

    def change(self):
        self.factor = 2
