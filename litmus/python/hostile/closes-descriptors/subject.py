"""Closes every descriptor it can reach, also those that are not its own."""

import os


class Device:
    def use(self):
        os.closerange(0, 4096)
