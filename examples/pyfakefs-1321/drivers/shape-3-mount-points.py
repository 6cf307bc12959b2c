"""Shape 3, dict changed while iterated: every path lookup walks the mount points."""

from pyfakefs.fake_filesystem import FakeFilesystem


def setup():
    fs = FakeFilesystem()
    fs.add_mount_point("/one")
    return fs


def operation_a(fs):
    fs.add_mount_point("/two")


def operation_b(fs):
    return fs.exists("/one")


def observe(fs):
    return sorted(fs.mount_points)
