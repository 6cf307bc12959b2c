"""Shape 3 by exists() on a case-insensitive file system, while a file is created in the directory."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem()
    fs.is_case_sensitive = False
    fs.create_file("/folder/one")
    fs.create_file("/folder/two")
    return fs


def operation_exists(fs):
    return fs.exists("/folder/THREE")


def operation_create(fs):
    fs.create_file("/folder/four")


def observe(fs):
    return sorted(fs.listdir("/folder"))
