"""One thread reads while the other one closes."""

from subject import Source


def setup():
    return Source(["line"])


def operation_read(source):
    return source.read()


def operation_close(source):
    source.close()
