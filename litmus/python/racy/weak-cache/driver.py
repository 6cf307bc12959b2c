"""Two threads use the node of one name: they must get the same one."""

import subject


def setup():
    return subject.Nodes()


def operation_a(nodes):
    return nodes.use("a")


def operation_b(nodes):
    return nodes.use("a")
