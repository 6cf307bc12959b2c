"""str.join reads the list in one step, between two changes."""


class Program:
    def __init__(self):
        self.words = ["a", "b"]

    def text(self):
        return " ".join(self.words)

    def change(self):
        self.words[0] = "c"
        self.words[1] = "d"
