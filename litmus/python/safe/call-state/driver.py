"""Two threads sign a request of their own with one signer."""

from subject import Signer


def setup():
    return Signer("key")


def operation_a(signer):
    return signer.sign("a")


def operation_b(signer):
    return signer.sign("b")


def state(signer):
    return signer.key
