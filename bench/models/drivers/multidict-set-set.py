"""Two threads assign to one key of the pure-Python MultiDict; it has two entries, the second of which an assignment removes."""

import os

os.environ["MULTIDICT_NO_EXTENSIONS"] = "1"

from multidict import MultiDict


def setup():
    return MultiDict([("a", 1), ("b", 2), ("a", 3)])


def operation_one(table):
    table["a"] = 4


def operation_other(table):
    table["a"] = 5


def observe(table):
    return list(table.items())
