"""Two entries at a time, not kept together: nobody was told that they would be."""


class Journal:
    def __init__(self):
        self.entries = []

    def note(self, name):
        self.entries.append(name + " begins")
        self.entries.append(name + " ends")
