"""The flag of a conditional expression and the value it stands for are read apart."""


class Program:
    def __init__(self):
        self.ready = False
        self.value = None

    def get(self):
        return self.value if self.ready else "not ready"

    def prepare(self):
        self.ready = True
        self.value = 42
