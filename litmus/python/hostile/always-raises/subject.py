"""Raises whenever it is used."""


class Device:
    def use(self):
        raise ValueError("not today")
