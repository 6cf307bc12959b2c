"""A set is asked, then changed; the count is kept beside it."""


class Program:
    def __init__(self):
        self.members = set()
        self.count = 0

    def join(self):
        if "m" not in self.members:
            self.members.add("m")
            self.count += 1
