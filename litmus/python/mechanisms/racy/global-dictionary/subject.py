"""A global name, written by its name and through globals()."""

total = 0


class Program:
    def by_name(self):
        global total
        total = total + 1

    def by_dictionary(self):
        globals()["total"] = globals()["total"] + 1
