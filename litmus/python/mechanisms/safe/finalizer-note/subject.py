"""A finalizer leaves a note in one step. (collects garbage)"""


class Lease:
    def __init__(self, program):
        self._program = program
        self._itself = self

    def __del__(self):
        self._program._returned.append(1)


class Program:
    def __init__(self):
        self._returned = []
        self._taken = 0
        Lease(self)

    def take(self):
        self._taken += 1
