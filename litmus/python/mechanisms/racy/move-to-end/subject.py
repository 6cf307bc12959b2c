"""An entry is moved to the end of an OrderedDict that somebody iterates over."""

import collections


class Program:
    def __init__(self):
        self.recent = collections.OrderedDict(a=1, b=2, c=3)

    def names(self):
        return [name for name in self.recent]

    def touch(self):
        self.recent.move_to_end("a")
