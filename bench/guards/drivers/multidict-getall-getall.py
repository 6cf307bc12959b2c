"""Two threads read all values of one key: neither may lose one."""

from multidict._multidict_py import MultiDict


def setup():
    return MultiDict([("key", 1), ("key", 2), ("other", 3)])


def operation_a(md):
    return md.getall("key")


def operation_b(md):
    return md.getall("key")


def observe(md):
    return list(md.items())
