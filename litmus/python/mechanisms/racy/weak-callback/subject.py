"""The callback of a weak reference changes what the thread it interrupts walks over. (collects garbage)"""

import weakref


class Part:
    def __init__(self):
        self._itself = self


class Program:
    def __init__(self):
        self._parts = {number: weakref.finalize(Part(), self._forget, number) for number in range(2)}

    def _forget(self, number):
        del self._parts[number]

    def numbers(self):
        return [number for number in self._parts]
