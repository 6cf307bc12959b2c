"""A finalizer changes what the thread it interrupts is changing. (collects garbage)"""


class Lease:
    def __init__(self, program):
        self._program = program
        self._itself = self

    def __del__(self):
        self._program.free += 1


class Program:
    def __init__(self):
        self.free = 3
        Lease(self)

    def take(self):
        self.free -= 1
