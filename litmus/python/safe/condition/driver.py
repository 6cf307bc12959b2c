"""One thread puts twice what the other one takes twice; each call is one operation."""

from subject import Buffer


def setup():
    return Buffer()


def put_one(buffer):
    buffer.put(1)


def put_two(buffer):
    buffer.put(2)


def take(buffer):
    return buffer.take()


threads = [[put_one, put_two], [take, take]]
