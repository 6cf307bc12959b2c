"""The writer of racy/class-toggle with the mode as an argument."""


class Writer:
    def write(self, text, quiet=False):
        return "" if quiet else text

    def write_quietly(self, text):
        return self.write(text, quiet=True)
