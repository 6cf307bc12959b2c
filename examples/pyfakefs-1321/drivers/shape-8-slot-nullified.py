"""Shape 8, slot of a shared list set to None: both of two os.close() succeed and free the descriptor twice."""

from pyfakefs.fake_filesystem import FakeFilesystem
from pyfakefs.fake_os import FakeOsModule


class State:
    pass


def setup():
    state = State()
    fs = FakeFilesystem()
    fs.create_file("/a")
    state.os = FakeOsModule(fs)
    state.descriptor = state.os.open("/a", state.os.O_RDONLY)
    return state


def close(state):
    try:
        state.os.close(state.descriptor)
    except OSError:
        return "bad descriptor"
    return "closed"


def operation_a(state):
    return close(state)


def operation_b(state):
    return close(state)


def observe(state):
    return None
