"""The variable belongs to the function two levels up."""


def outer():
    total = 0

    def middle():
        def inner():
            nonlocal total
            total = total + 1
            return total

        return inner

    return middle()


class Program:
    def __init__(self):
        self._inner = outer()

    def step(self):
        return self._inner()
