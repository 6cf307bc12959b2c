"""The folder of racy/lazy-flag; the flag comes last, and both would read the same."""


class Folder:
    def __init__(self):
        self.read = False
        self.names = None

    def content(self):
        if not self.read:
            self.names = ("a", "b")
            self.read = True
        return self.names
