"""Shape 2: add_open_file() and close_open_file() alone. Free-threaded builds may die in the C code of heapq."""

from pyfakefs.fake_filesystem import FakeFilesystem

THREADS, LOOPS = 32, 200


class Wrapper:
    """As much of an open file as these two calls look at."""

    def __init__(self):
        self.filedes = None
        self._filedes = None

    def _sync_io(self):
        pass


def setup():
    return FakeFilesystem()


def worker(fs):
    for _ in range(LOOPS):
        fs.close_open_file(fs.add_open_file(Wrapper()))


threads = [[worker] for _ in range(THREADS)]


def observe(fs):
    return len(set(fs._free_fd_heap)) == len(fs._free_fd_heap)
