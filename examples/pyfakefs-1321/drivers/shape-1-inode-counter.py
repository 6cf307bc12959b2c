"""Shape 1, integer counter: create_file in two directories hands out one inode number twice."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem()
    fs.create_dir("/a")
    fs.create_dir("/b")
    return fs


def operation_a(fs):
    fs.create_file("/a/file")


def operation_b(fs):
    fs.create_file("/b/file")


def observe(fs):
    return len({fs.stat(path).st_ino for path in ("/a/file", "/b/file")})
