"""A counter behind a lock that is waited for in a loop; taking it is one step."""


class Counter:
    def __init__(self):
        self.value = 0
        self._free = ["token"]

    def increment(self):
        while True:
            try:
                token = self._free.pop()
                break
            except IndexError:
                continue
        self.value += 1
        value = self.value
        self._free.append(token)
        return value
