"""One thread drains the registry while another renames an entry."""

from subject import Registry


def setup():
    registry = Registry()
    registry.add("a")
    return registry


def operation_rename(registry):
    return registry.rename("a", "b")


def operation_drain(registry):
    return registry.drain()
