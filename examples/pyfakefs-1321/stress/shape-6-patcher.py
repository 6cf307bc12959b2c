"""Shape 6: four threads enter and leave a Patcher; a singleton in a class attribute is set up by several at once."""

from pyfakefs.fake_filesystem_unittest import Patcher


def worker():
    with Patcher():
        pass


threads = [[worker] for _ in range(4)]


def observe(state):
    return None
