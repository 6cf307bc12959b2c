"""Two threads call one decorated function."""

from subject import work


def setup():
    work.reset()
    return work


def operation_a(function):
    return function()


def operation_b(function):
    return function()
