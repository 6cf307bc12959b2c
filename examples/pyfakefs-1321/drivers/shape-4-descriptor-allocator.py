"""Shape 4, append as allocator: os.open twice gives the same descriptor twice."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule


def setup():
    fs = FakeFilesystem()
    fs.create_file("/a")
    fs.create_file("/b")
    return FakeOsModule(fs)


def operation_a(os):
    return os.open("/a", os.O_RDONLY)


def operation_b(os):
    return os.open("/b", os.O_RDONLY)


def observe(os):
    return len(os.filesystem.open_files)
