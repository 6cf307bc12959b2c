"""Answers with a number that nobody can predict."""


class Device:
    def use(self):
        with open("/dev/urandom", "rb") as source:
            return source.read(8)
