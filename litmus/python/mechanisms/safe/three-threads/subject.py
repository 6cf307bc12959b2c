"""Three threads, three places."""


class Program:
    def __init__(self):
        self.a = self.b = self.c = 0

    def first(self):
        self.a += 1

    def second(self):
        self.b += 1

    def third(self):
        self.c += 1
