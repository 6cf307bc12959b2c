"""map and filter read the list when they are consumed."""


class Program:
    def __init__(self):
        self.numbers = [1, 2, 3]

    def doubled(self):
        lazily = map(lambda number: number * 2, filter(None, self.numbers))
        return [number for number in lazily]

    def change(self):
        self.numbers[0] = 10
        self.numbers[2] = 30
