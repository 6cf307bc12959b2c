"""The sum over a dictionary between the two halves of a transfer."""


class Program:
    def __init__(self):
        self.accounts = {"a": 10, "b": 0}

    def total(self):
        return sum(self.accounts.values())

    def transfer(self):
        amount = self.accounts.pop("a")
        self.accounts.update(b=amount)
