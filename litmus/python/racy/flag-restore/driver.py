"""One thread writes in a mode of its own while the other one writes plainly."""

from subject import Writer


def setup():
    return Writer()


def operation_bold(writer):
    return writer.write_as("bold")


def operation_plain(writer):
    return writer.write()
