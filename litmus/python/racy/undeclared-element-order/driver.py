"""Two threads write to the journal."""

from subject import Journal


def setup():
    return Journal()


def operation_a(journal):
    journal.note("a")


def operation_b(journal):
    journal.note("b")
