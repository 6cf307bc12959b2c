"""A count of the class, read and written through type(self)."""


class Program:
    made = 0

    def step(self):
        kind = type(self)
        setattr(kind, "made", getattr(kind, "made") + 1)
