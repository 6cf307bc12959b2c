"""Shape 5, existence check then act: O_CREAT | O_EXCL lets both callers win."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule


def setup():
    return FakeOsModule(FakeFilesystem())


def win(os):
    try:
        os.close(os.open("/lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return "lost"
    return "won"


def operation_a(os):
    return win(os)


def operation_b(os):
    return win(os)


def observe(os):
    return os.listdir("/")
