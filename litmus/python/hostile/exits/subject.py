"""Ends the process whenever it is used."""

import os


class Device:
    def use(self):
        os._exit(3)
