"""Writes a gigabyte to both standard streams before it works."""

import os

for _ in range(1024):
    os.write(1, b"x" * 1048576)
for _ in range(1024):
    os.write(2, b"y" * 1048576)


class Device:
    def use(self):
        print("used")
        return 1
