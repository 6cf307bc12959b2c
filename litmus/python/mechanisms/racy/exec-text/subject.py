"""The increment is a text that exec compiles."""


class Program:
    def __init__(self):
        self.value = 0

    def step(self):
        exec("program.value = program.value + 1", {"program": self})
