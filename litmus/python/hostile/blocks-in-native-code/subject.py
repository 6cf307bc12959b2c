"""Waits in the operating system, where no scheduler can see it."""

import os


class Pipe:
    def __init__(self):
        self.reader, self.writer = os.pipe()

    def wait(self):
        return os.read(self.reader, 1)

    def wake(self):
        os.write(self.writer, b"x")
