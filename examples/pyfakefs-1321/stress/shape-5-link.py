"""Beyond the thread: link() changes the name of the shared file object for a moment; links get each other's names."""

from pyfakefs.fake_filesystem import FakeFilesystem

THREADS, LOOPS = 8, 200


def setup():
    fs = FakeFilesystem()
    fs.create_file("/origin")
    for number in range(THREADS):
        fs.create_dir("/d%d" % number)
    return fs


def linker(number):
    def operation(fs):
        for index in range(LOOPS):
            fs.link("/origin", "/d%d/l%d_%d" % (number, number, index))

    return operation


threads = [[linker(number)] for number in range(THREADS)]


def observe(fs):
    return sorted(name for number in range(THREADS) for name in fs.listdir("/d%d" % number))
