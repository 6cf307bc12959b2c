"""Shape 2 without os.open: two files are added with one free descriptor in the heap."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem()
    fs.open_files.append([None])
    fs._free_fd_heap.append(3)
    return fs


def operation_one(fs):
    return fs.add_open_file(object())


def operation_other(fs):
    return fs.add_open_file(object())


def observe(fs):
    return len(fs.open_files)
