"""Shape 3 beyond the thread: FakeDirectory.size walks the entries that other threads add to."""

from pyfakefs.fake_filesystem import FakeFilesystem

LOOPS = 200


def setup():
    fs = FakeFilesystem()
    for number in range(50):
        fs.create_file("/folder/f%d" % number)
    return fs


def maker(number):
    def operation(fs):
        for index in range(LOOPS):
            fs.create_file("/folder/n%d_%d" % (number, index))

    return operation


def reader(fs):
    folder = fs.get_object("/folder")
    for _ in range(LOOPS):
        folder.size


threads = [[maker(number // 2)] if number % 2 else [reader] for number in range(8)]


def observe(fs):
    return None
