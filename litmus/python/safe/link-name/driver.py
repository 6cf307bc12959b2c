"""Two threads link one node under names of their own."""

from subject import Folder


def setup():
    return Folder()


def operation_a(folder):
    folder.link("a")


def operation_b(folder):
    folder.link("b")


def state(folder):
    return folder.listing()
