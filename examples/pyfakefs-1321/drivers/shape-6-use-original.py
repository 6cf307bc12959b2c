"""Shape 6, class attribute toggled: one thread's use_original_os() sends the other thread to the real file system."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule, use_original_os

FAKE = "/raceproof-fake-folder/file"


def setup():
    fs = FakeFilesystem()
    fs.create_file(FAKE)
    return FakeOsModule(fs)


def operation_real(os):
    with use_original_os():
        pass


def operation_fake(os):
    return os.stat(FAKE).st_size


def observe(os):
    return FakeOsModule.use_original
