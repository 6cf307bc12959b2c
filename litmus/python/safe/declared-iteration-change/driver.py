"""A walk against an insertion; the driver says that the RuntimeError of the walk is documented."""

from subject import Table


def setup():
    return Table()


def operation_a(table):
    return table.total()


def operation_b(table):
    table.add("c")


relaxations = ["change-during-iteration"]
