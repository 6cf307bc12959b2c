"""Cannot be constructed."""


class Device:
    def __init__(self):
        raise ValueError("not today")

    def use(self):
        return 1
