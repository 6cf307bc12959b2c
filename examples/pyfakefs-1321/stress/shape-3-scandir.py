"""Shape 3 beyond the thread: scandir() copies a directory's dict with tuple(), which is not atomic without the GIL."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_scandir import scandir

LOOPS = 200


def setup():
    fs = FakeFilesystem()
    for number in range(100):
        fs.create_file("/folder/f%d" % number)
    return fs


def maker(number):
    def operation(fs):
        for index in range(LOOPS):
            fs.create_file("/folder/n%d_%d" % (number, index))

    return operation


def reader(fs):
    for _ in range(LOOPS):
        scandir(fs, "/folder")


threads = [[maker(number // 2)] if number % 2 else [reader] for number in range(8)]


def observe(fs):
    return None
