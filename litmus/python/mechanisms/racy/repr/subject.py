"""__repr__ reads two attributes."""


class Point:
    def __init__(self):
        self.x = 0
        self.y = 0

    def __repr__(self):
        return "Point(%r, %r)" % (self.x, self.y)


class Program:
    def __init__(self):
        self.point = Point()

    def show(self):
        return str(self.point)

    def move(self):
        self.point.x = 1
        self.point.y = 1
