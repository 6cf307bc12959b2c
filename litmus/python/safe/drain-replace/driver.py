"""One thread drains while the other one adds; nothing may get lost."""

from subject import Queue


def setup():
    return Queue()


def operation_drain(queue):
    queue.drain()


def operation_add(queue):
    queue.add(2)


def state(queue):
    return queue.count()
