"""Jobs are handed out by a generator: it cannot be entered while another thread runs it."""


class Jobs:
    def __init__(self):
        self.number = 0
        self.jobs = self.generate()

    def generate(self):
        while True:
            self.number += 1
            yield self.number

    def take(self):
        return next(self.jobs)
