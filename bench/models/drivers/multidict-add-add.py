"""Two threads add to the pure-Python MultiDict; its table has room, so that nothing is called in between."""

import os

os.environ["MULTIDICT_NO_EXTENSIONS"] = "1"

from multidict import MultiDict


def setup():
    return MultiDict()


def operation_one(table):
    table.add("a", 1)


def operation_other(table):
    table.add("b", 2)


def observe(table):
    return len(table), table.get("a"), table.get("b")
