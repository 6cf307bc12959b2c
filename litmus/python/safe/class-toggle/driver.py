"""One thread writes quietly while the other one writes aloud."""

from subject import Writer


def setup():
    return Writer()


def operation_quiet(writer):
    return writer.write_quietly("a")


def operation_loud(writer):
    return writer.write("b")
