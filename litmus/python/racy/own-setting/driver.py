"""Each thread reads what it set; it must find that, whatever the other one does in between."""

from subject import Locale


def choose_one():
    Locale.choose("one")


def choose_other():
    Locale.choose("other")


def read():
    return Locale.name()


isolated = True
threads = [[choose_one, read], [choose_other, read]]
