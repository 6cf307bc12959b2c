"""`count += 1` on a variable of the enclosing function is still a load and a store."""


def make_counter():
    count = 0

    def step():
        nonlocal count
        count += 1

    return step, lambda: count


class Program:
    def __init__(self):
        self._step, self._read = make_counter()

    def step(self):
        self._step()
        return self._read()
