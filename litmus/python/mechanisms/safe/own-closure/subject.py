"""Every thread has its own closure."""


def make_counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count

    return step


class Program:
    def __init__(self):
        self._one = make_counter()
        self._other = make_counter()

    def first(self):
        return self._one(), self._one()

    def second(self):
        return self._other(), self._other()
