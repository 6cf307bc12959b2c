"""Shape 3, dict changed while iterated: create_dir below one directory, as on a case-insensitive file system."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem()
    fs.is_case_sensitive = False
    fs.create_dir("/folder/one")
    fs.create_dir("/folder/two")
    return fs


def operation_a(fs):
    fs.create_dir("/folder/three")


def operation_b(fs):
    fs.create_dir("/folder/four")


def observe(fs):
    return sorted(fs.listdir("/folder"))
