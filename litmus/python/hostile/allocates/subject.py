"""Takes all the memory it can get."""


class Device:
    def use(self):
        hoard = []
        while True:
            hoard.append(bytearray(1 << 24))
