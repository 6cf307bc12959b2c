"""A tuple that is replaced as a whole: readers see the old or the new one, never a mixture."""


class Version:
    def __init__(self):
        self.current = (1, "one")

    def publish(self, number, name):
        self.current = (number, name)

    def read(self):
        number, name = self.current
        return "%d %s" % (number, name)
