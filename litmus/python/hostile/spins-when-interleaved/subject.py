"""Never comes back when two uses overlap."""


class Device:
    def __init__(self):
        self.busy = False

    def use(self):
        if self.busy:
            while True:
                pass
        self.busy = True
        self.busy = False
