"""One thread reads while the other one shortens."""

from subject import Stack


def setup():
    return Stack()


def operation_last(stack):
    return stack.last()


def operation_drop(stack):
    stack.drop()
