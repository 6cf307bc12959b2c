"""Beyond the thread: the umask is read by setting it to 0 and back; other threads read 0, and it may stay 0."""

import os as real_os

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule

LOOPS, MASK = 20_000, 0o022


def setup():
    real_os.umask(MASK)
    return FakeOsModule(FakeFilesystem())


def reader(os):
    return sum(os._umask() != MASK for _ in range(LOOPS))


threads = [[reader] for _ in range(8)]


def observe(os):
    return os._umask()
