"""Two threads ask for the same name."""

from subject import Connections


def setup():
    return Connections()


def operation_a(connections):
    return connections.get("host")


def operation_b(connections):
    return connections.get("host")
