"""The same two threads; the driver says that the order of entries does not matter."""

from subject import Journal


def setup():
    return Journal()


def operation_a(journal):
    journal.note("a")


def operation_b(journal):
    journal.note("b")


relaxations = ["element-order"]
