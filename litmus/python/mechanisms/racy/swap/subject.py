"""`a, b = b, a` loads both, then stores one after the other."""


class Program:
    def __init__(self):
        self.left = 1
        self.right = 2

    def swap(self):
        self.left, self.right = self.right, self.left

    def total(self):
        return self.left + self.right
