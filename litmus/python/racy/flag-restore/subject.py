"""write_as() sets the mode for a while: others write in it too."""


class Writer:
    def __init__(self):
        self.mode = "plain"

    def write_as(self, mode):
        old = self.mode
        self.mode = mode
        text = self.write()
        self.mode = old
        return text

    def write(self):
        return self.mode
