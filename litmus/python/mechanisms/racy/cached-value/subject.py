"""A value computed on demand is computed twice, and each thread gets its own."""


class Program:
    def __init__(self):
        self._cached = None

    def get(self):
        if self._cached is None:
            self._cached = ["made"]
        return self._cached
