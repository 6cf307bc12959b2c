"""Two threads set one key that is there twice: one of them must not trip over the other's half-done work."""

from multidict._multidict_py import MultiDict


def setup():
    return MultiDict([("key", 1), ("key", 2), ("other", 3)])


def operation_a(md):
    md["key"] = 10


def operation_b(md):
    md["key"] = 20


def observe(md):
    return list(md.items())
