"""Two threads count."""

from subject import Counter


def setup():
    return Counter()


def operation_a(counter):
    return counter.increment()


def operation_b(counter):
    return counter.increment()
