"""Two threads drive one generator."""


def accumulate():
    total = 0
    while True:
        added = yield total
        total = total + helper(added)


def helper(number):
    holder = [number]
    return holder[0]


class Program:
    def __init__(self):
        self.running = accumulate()
        next(self.running)

    def add(self):
        return self.running.send(1)
