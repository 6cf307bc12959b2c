"""Reads from address zero when two uses overlap."""

import ctypes


class Device:
    def __init__(self):
        self.busy = False

    def use(self):
        if self.busy:
            return ctypes.string_at(0)
        self.busy = True
        self.busy = False
        return None
