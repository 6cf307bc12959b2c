"""One thread writes the attribute, the other one the entry of __dict__ behind it."""


class Program:
    def __init__(self):
        self.value = 0

    def by_attribute(self):
        self.value = self.value + 1

    def by_dictionary(self):
        self.__dict__["value"] = self.__dict__["value"] + 1
