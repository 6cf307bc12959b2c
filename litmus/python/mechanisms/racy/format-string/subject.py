"""One f-string reads two attributes."""


class Program:
    def __init__(self):
        self.first = "a"
        self.last = "b"

    def name(self):
        return f"{self.first} {self.last}"

    def rename(self):
        self.first = "c"
        self.last = "d"
