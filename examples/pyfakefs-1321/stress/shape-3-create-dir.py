"""Shape 3, the thread's own reproducer: 32 threads make directories in a case-insensitive file system."""

from pyfakefs.fake_filesystem import FakeFilesystem

THREADS, LOOPS = 32, 64


def setup():
    fs = FakeFilesystem()
    fs.is_case_sensitive = False
    fs.create_dir("/parent")
    return fs


def maker(number):
    def operation(fs):
        for index in range(LOOPS):
            fs.create_dir("/parent/d%d_%d" % (number, index))

    return operation


threads = [[maker(number)] for number in range(THREADS)]


def observe(fs):
    return None
