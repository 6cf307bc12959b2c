"""Two threads ask for the one instance."""

from subject import Settings


def setup():
    return None


def operation_a():
    return Settings.instance()


def operation_b():
    return Settings.instance()
