"""One thread waits for the value that the other one computes."""

from subject import Promise


def setup():
    return Promise()


def operation_fulfill(promise):
    promise.fulfill(42)


def operation_wait(promise):
    return promise.wait()
