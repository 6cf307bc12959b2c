"""Two attributes that should be equal are written one after the other."""


class Program:
    def __init__(self):
        self.a = 0
        self.b = 0

    def update(self):
        self.a += 1
        self.b = self.a

    def agree(self):
        return self.a == self.b
