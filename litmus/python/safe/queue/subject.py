"""Work handed over through queue.Queue, which has its own lock and condition."""

import queue


class Mailbox:
    def __init__(self):
        self.letters = queue.Queue()

    def put(self, letter):
        self.letters.put(letter)

    def take(self):
        return self.letters.get()
