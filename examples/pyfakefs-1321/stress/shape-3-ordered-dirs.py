"""Beyond the thread: ordered_dirs sorts by inode numbers, and add_entry publishes an entry before it has one (TypeError)."""

from pyfakefs.fake_file import FakeFile
from pyfakefs.fake_filesystem import FakeFilesystem

LOOPS = 600


def setup():
    fs = FakeFilesystem()
    return fs, fs.create_dir("/folder")


def adder(number):
    # add_entry alone: in create_file the entry without a number is there for a small part of the time.
    def operation(state):
        fs, folder = state
        for index in range(LOOPS):
            folder.add_entry(FakeFile("n%d_%d" % (number, index), filesystem=fs))

    return operation


def reader(state):
    _, folder = state
    for _ in range(LOOPS):
        folder.ordered_dirs


threads = [[adder(number // 2)] if number % 2 else [reader] for number in range(8)]


def observe(state):
    return None
