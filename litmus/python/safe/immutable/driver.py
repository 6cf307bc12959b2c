"""One thread reads while the other one publishes."""

from subject import Version


def setup():
    return Version()


def operation_read(version):
    return version.read()


def operation_publish(version):
    version.publish(2, "two")
