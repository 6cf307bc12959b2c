"""One thread walks the registry while the other one adds to it."""

from subject import Registry


def setup():
    registry = Registry()
    registry.add("a", 1)
    registry.add("b", 2)
    return registry


def operation_walk(registry):
    return registry.total()


def operation_add(registry):
    registry.add("c", 3)
