"""A local computation, then one store to an attribute of one's own."""


class Program:
    def __init__(self):
        self.even = None
        self.odd = None

    def first(self):
        numbers = [number for number in range(6) if number % 2 == 0]
        self.even = sum(numbers)

    def second(self):
        total = 0
        for number in range(6):
            total += number % 2
        self.odd = total
