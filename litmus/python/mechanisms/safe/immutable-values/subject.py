"""Strings, tuples and numbers are made anew, never changed."""


class Program:
    text = "raceproof"
    numbers = (3, 1, 2)

    def words(self):
        return self.text.upper() + "".join(reversed(self.text))

    def order(self):
        return tuple(sorted(self.numbers)) + self.numbers[:1]
