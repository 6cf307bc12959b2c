"""Shape 7: while one thread is root, another one may open what its own user must not."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule
from pyfakefs.helpers import set_uid

LOOPS = 300


def setup():
    set_uid(0)
    fs = FakeFilesystem()
    fs.create_file("/secret", st_mode=0o100000)
    return FakeOsModule(fs)


def root(os):
    for _ in range(LOOPS * 10):
        set_uid(0)


def user(os):
    opened = 0
    for _ in range(LOOPS):
        set_uid(1000)
        try:
            os.close(os.open("/secret", os.O_RDONLY))
            opened += 1
        except PermissionError:
            pass
    return opened


threads = [[root], [user], [root], [user]]


def observe(os):
    return None
