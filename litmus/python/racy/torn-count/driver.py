"""One thread clears while the other one looks."""

from subject import Bag


def setup():
    return Bag()


def operation_clear(bag):
    bag.clear()


def operation_look(bag):
    return bag.look()
