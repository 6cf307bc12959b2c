"""Two calls count with a variable of the enclosing function: a cell is loaded and stored in two steps."""


def make_counter():
    count = 0

    def step():
        nonlocal count
        before = count
        count = before + 1

    def read():
        return count

    return step, read


class Program:
    def __init__(self):
        self._step, self.read = make_counter()

    def step(self):
        self._step()
        return self.read()
