"""A global name, written by its name and by a text that runs in the module's globals."""

total = 0


class Program:
    def by_name(self):
        global total
        total = total + 1

    def by_text(self):
        exec("total = total + 1", globals())
