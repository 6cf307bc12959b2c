"""Shape 6, singleton in a class attribute: two threads get different Patchers, and each one patches on its own."""

from pyfakefs.fake_filesystem_unittest import Patcher


def operation_a():
    return Patcher()


def operation_b():
    return Patcher()


def observe(state):
    return None
