"""Several steps of one computation, each on an attribute nobody else uses."""


class Program:
    def __init__(self):
        self.x = 1
        self.y = 1

    def first(self):
        self.x += 1
        self.x *= 3
        self.x -= 2

    def second(self):
        self.y += 2
        self.y *= 5
        self.y -= 1
