"""Two threads count twice each."""

from subject import Counters


def setup():
    return Counters()


def operation_a(counters):
    counters.increment()
    return counters.increment()


def operation_b(counters):
    counters.increment()
    return counters.increment()
