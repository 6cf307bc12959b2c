"""Shape 2, heap check then pop: os.open twice with one freed descriptor raises IndexError."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule


def setup():
    fs = FakeFilesystem()
    fs.create_file("/a")
    fs.create_file("/b")
    os = FakeOsModule(fs)
    os.close(os.open("/a", os.O_RDONLY))
    return os


def operation_a(os):
    return os.open("/a", os.O_RDONLY)


def operation_b(os):
    return os.open("/b", os.O_RDONLY)
