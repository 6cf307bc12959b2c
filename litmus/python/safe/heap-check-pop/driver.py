"""Two threads take from a heap that holds one number."""

from subject import Numbers


def setup():
    numbers = Numbers()
    numbers.give_back(7)
    return numbers


def operation_a(numbers):
    return numbers.take()


def operation_b(numbers):
    return numbers.take()
