"""vars(self) kept in a name is the same storage as the attributes."""


class Program:
    def __init__(self):
        self.value = 0

    def by_attribute(self):
        self.value += 1

    def by_alias(self):
        mine = vars(self)
        mine["value"] = mine["value"] + 1
