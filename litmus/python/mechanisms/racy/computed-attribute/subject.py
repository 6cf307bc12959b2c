"""The name of the attribute is computed: only the run shows that both threads mean the same one."""


class Program:
    def __init__(self):
        self.field_a = 0

    def step(self, suffix="a"):
        name = "field_" + suffix
        setattr(self, name, getattr(self, name) + 1)
