"""Two threads look one key up."""

from subject import Table


def setup():
    return Table()


def operation_a(table):
    return table.get(7)


def operation_b(table):
    return table.get(7)
