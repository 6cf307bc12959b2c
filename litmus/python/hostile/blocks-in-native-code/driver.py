"""One thread waits for a byte, the other one sends it."""

from subject import Pipe


def setup():
    return Pipe()


def operation_wait(pipe):
    return pipe.wait()


def operation_wake(pipe):
    pipe.wake()
