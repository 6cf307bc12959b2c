"""The value tested by := is not the value used afterwards."""


class Program:
    def __init__(self):
        self.current = 5

    def use(self):
        if (seen := self.current) is not None:
            return seen == self.current
        return True

    def change(self):
        self.current = 6
