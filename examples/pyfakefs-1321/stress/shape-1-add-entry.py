"""Shape 1: FakeDirectory.add_entry() alone, each thread in its own directory; inode numbers are handed out twice."""

from pyfakefs.fake_file import FakeFile
from pyfakefs.fake_filesystem import FakeFilesystem

THREADS, FILES = 8, 1000


def setup():
    fs = FakeFilesystem()
    folders = [fs.create_dir("/d%d" % number) for number in range(THREADS)]
    files = [[FakeFile("f%d" % index, filesystem=fs) for index in range(FILES)] for _ in folders]
    return fs, folders, files


def adder(number):
    def operation(state):
        folder, files = state[1][number], state[2][number]
        for file in files:
            folder.add_entry(file)

    return operation


threads = [[adder(number)] for number in range(THREADS)]


def observe(state):
    return len({file.st_ino for files in state[2] for file in files})
