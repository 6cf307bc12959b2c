"""What goes through a queue belongs to the one who got it."""

import queue


class Program:
    def __init__(self):
        self._queue = queue.Queue()

    def send(self):
        message = []
        message.append("text")
        self._queue.put(message)

    def receive(self):
        message = self._queue.get()
        message.append("seen")
        return message
