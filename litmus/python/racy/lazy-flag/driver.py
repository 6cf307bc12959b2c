"""Two first callers."""

from subject import Folder


def setup():
    return Folder()


def operation_a(folder):
    return folder.content()


def operation_b(folder):
    return folder.content()
