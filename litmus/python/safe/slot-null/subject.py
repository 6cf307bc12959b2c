"""The source of racy/slot-null; read() loads the slot once."""


class Source:
    def __init__(self, lines):
        self.stream = list(lines)

    def read(self):
        stream = self.stream
        return None if stream is None else stream.copy()

    def close(self):
        self.stream = None
