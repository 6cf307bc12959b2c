"""A chain of mappings: the read falls through to the parent, the write goes to the child."""

import collections


class Program:
    def __init__(self):
        self.settings = collections.ChainMap({}, {"n": 0})

    def step(self):
        self.settings["n"] = self.settings["n"] + 1
