"""list.sort calls a key function; a list changed meanwhile makes it raise."""


class Program:
    def __init__(self):
        self.items = [3, 1, 2]
        self.sign = 1

    def _key(self, item):
        return self.sign * item

    def sort(self):
        self.items.sort(key=self._key)

    def grow(self):
        self.items.append(0)
