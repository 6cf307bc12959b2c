"""eval reads, exec writes."""


class Program:
    def __init__(self):
        self.value = 0

    def step(self):
        before = eval("program.value", {"program": self})
        exec("program.value = before + 1", {"program": self, "before": before})
