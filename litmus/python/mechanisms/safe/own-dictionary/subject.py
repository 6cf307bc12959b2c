"""Every thread has its own dictionary."""


class Program:
    def __init__(self):
        self.mine = {"n": 0}
        self.yours = {"n": 0}

    def first(self):
        for _ in range(2):
            self.mine["n"] += 1
        return self.mine["n"]

    def second(self):
        for _ in range(2):
            self.yours["n"] += 1
        return self.yours["n"]
