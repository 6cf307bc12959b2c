"""Shape 2, the thread's own reproducer: 32 threads open and close files; the heap of free descriptors breaks."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule

THREADS, LOOPS = 32, 64


def setup():
    fs = FakeFilesystem()
    for number in range(THREADS):
        fs.create_file("/f%d" % number)
    return FakeOsModule(fs)


def opener(number):
    def operation(os):
        for _ in range(LOOPS):
            os.close(os.open("/f%d" % number, os.O_RDONLY))

    return operation


threads = [[opener(number)] for number in range(THREADS)]


def observe(os):
    return len(set(os.filesystem._free_fd_heap)) == len(os.filesystem._free_fd_heap)
