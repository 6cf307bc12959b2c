"""content() says that it has read before it has: the second caller gets nothing."""


class Folder:
    def __init__(self):
        self.read = False
        self.names = None

    def content(self):
        if not self.read:
            self.read = True
            self.names = ("a", "b")
        return self.names
