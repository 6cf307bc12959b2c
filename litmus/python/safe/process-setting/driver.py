"""Two threads ask for different folders."""

import subject


def setup():
    return None


def operation_a():
    return subject.folder_for("/a")


def operation_b():
    return subject.folder_for("/b")
