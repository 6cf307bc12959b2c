"""The writer of racy/flag-restore; the mode is an argument."""


class Writer:
    def __init__(self):
        self.mode = "plain"

    def write_as(self, mode):
        return self.write(mode)

    def write(self, mode=None):
        return self.mode if mode is None else mode
