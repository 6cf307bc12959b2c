"""Shape 3, dict changed while iterated: create_dir below one directory, as on a case-insensitive file system."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem()
    fs.is_case_sensitive = False
    fs.create_dir("/root/one")
    fs.create_dir("/root/two")
    return fs


def operation_a(fs):
    fs.create_dir("/root/three")


def operation_b(fs):
    fs.create_dir("/root/four")


def observe(fs):
    return sorted(fs.listdir("/root"))
