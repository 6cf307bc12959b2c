"""A slice of a bytearray while two of its bytes change."""


class Program:
    def __init__(self):
        self.buffer = bytearray(b"aaaa")

    def read(self):
        return bytes(self.buffer[0:4])

    def write(self):
        self.buffer[0] = 98
        self.buffer[3] = 98
