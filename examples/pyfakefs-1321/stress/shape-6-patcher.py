"""Shape 6: four threads enter a Patcher, create a file each and leave; a singleton in a class attribute is set up by several at once."""

from pyfakefs.fake_filesystem_unittest import Patcher


def worker(number):
    def operation():
        with Patcher() as patcher:
            patcher.fs.create_file("/file%d" % number)

    return operation


threads = [[worker(number)] for number in range(4)]


def observe(state):
    return None
