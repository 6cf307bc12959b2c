"""Two threads draw a number."""

from subject import Numbers


def setup():
    return Numbers()


def operation_a(numbers):
    return numbers.draw()


def operation_b(numbers):
    return numbers.draw()
