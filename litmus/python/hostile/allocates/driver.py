"""Two threads use it."""

from subject import Device


def setup():
    return Device()


def operation_a(device):
    return device.use()


def operation_b(device):
    return device.use()
