"""getattr and setattr are accesses like any other."""


class Program:
    def __init__(self):
        self.value = 0

    def step(self):
        setattr(self, "value", getattr(self, "value") + 1)
