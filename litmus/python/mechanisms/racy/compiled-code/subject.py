"""A code object compiled once, run by both threads."""

STEP = compile("program.value = program.value + 1", "<generated>", "exec")


class Program:
    def __init__(self):
        self.value = 0

    def step(self):
        exec(STEP, {"program": self})
