"""Shape 1, integer counter: two written files, but the disk usage counts only one of them."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem(total_size=1000)
    fs.create_dir("/a")
    fs.create_dir("/b")
    return fs


def operation_a(fs):
    fs.create_file("/a/file", contents="x" * 10)


def operation_b(fs):
    fs.create_file("/b/file", contents="y" * 20)


def observe(fs):
    return fs.get_disk_usage().used
