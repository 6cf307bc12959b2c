"""close() sets the slot to None that read() has just checked: AttributeError."""


class Source:
    def __init__(self, lines):
        self.stream = list(lines)

    def read(self):
        if self.stream is None:
            return None
        return self.stream.copy()

    def close(self):
        self.stream = None
