"""A property hides a load and a store."""


class Program:
    def __init__(self):
        self._value = 0

    @property
    def _current(self):
        return self._value

    @_current.setter
    def _current(self, value):
        self._value = value

    def step(self):
        self._current += 1
