"""Reads from address zero whenever it is used."""

import ctypes


class Device:
    def use(self):
        return ctypes.string_at(0)
