"""`key in table`, then the entry."""


class Program:
    def __init__(self):
        self.table = {"k": 1}

    def find(self):
        if "k" in self.table:
            return self.table["k"]
        return None

    def forget(self):
        del self.table["k"]
