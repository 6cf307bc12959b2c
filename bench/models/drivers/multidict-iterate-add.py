"""One thread lists the items of the pure-Python MultiDict, another adds one."""

import os

os.environ["MULTIDICT_NO_EXTENSIONS"] = "1"

from multidict import MultiDict


def setup():
    return MultiDict([("a", 1), ("b", 2), ("c", 3)])


def operation_list(table):
    return list(table.items())


def operation_add(table):
    table.add("d", 4)


def observe(table):
    return sorted(table.items())
