"""One thread writes one attribute, the other one reads it once: old or new, both are right."""


class Program:
    def __init__(self):
        self.current = ("a", 1)

    def publish(self):
        self.current = ("b", 2)

    def read(self):
        name, number = self.current
        return name, number
