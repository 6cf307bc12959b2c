"""Shape 3: half of 16 threads add mount points while the others look paths up, which walks all mount points."""

from pyfakefs.fake_filesystem import FakeFilesystem

LOOPS = 200


def setup():
    fs = FakeFilesystem()
    fs.create_file("/folder/file")
    return fs


def mounter(number):
    def operation(fs):
        for index in range(LOOPS):
            fs.add_mount_point("/m%d_%d" % (number, index))

    return operation


def looker(fs):
    for _ in range(LOOPS):
        fs.exists("/folder/file")


threads = [[mounter(number // 2)] if number % 2 else [looker] for number in range(16)]


def observe(fs):
    return len(fs.mount_points)
