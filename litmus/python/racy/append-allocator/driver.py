"""Two threads register a file each."""

from subject import Table


def setup():
    return Table()


def operation_a(table):
    return table.register("a")


def operation_b(table):
    return table.register("b")
