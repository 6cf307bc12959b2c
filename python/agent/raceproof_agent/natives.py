"""Operating-system calls and builtins captured before a subject can replace them.

Enters: the pristine interpreter.  Leaves: one object whose attributes stay what they were at start.
Subjects such as fake file systems rebind os, io, time and open in every module they can see; they
look at module dictionaries, not into the slots of an object, so the agent calls these and nothing else.
"""

import _thread
import os
import sys
import time

try:
    import fcntl
except ImportError:  # not a Unix system
    fcntl = None
try:
    import select
except ImportError:
    select = None

_LOWEST_OWN = 200


class Natives:
    """The calls the agent may use once a subject has been imported."""

    __slots__ = (
        "allocate_lock",
        "chdir",
        "close",
        "duplicate_high",
        "environ_bytes",
        "exit_now",
        "get_ident",
        "getcwd",
        "monotonic",
        "native_id",
        "open",
        "perf_counter",
        "process_time",
        "pipe",
        "poll_object",
        "putenv",
        "read",
        "read_only",
        "sleep",
        "thread_count",
        "start_thread",
        "umask",
        "unsetenv",
        "write",
        "current_frames",
    )

    def __init__(self):
        self.allocate_lock = _thread.allocate_lock
        self.get_ident = _thread.get_ident
        self.native_id = getattr(_thread, "get_native_id", None)
        self.thread_count = _thread._count
        self.start_thread = _thread.start_new_thread
        self.chdir = os.chdir
        self.getcwd = os.getcwd
        self.umask = os.umask
        self.putenv = os.putenv
        self.unsetenv = os.unsetenv
        self.environ_bytes = getattr(os.environ, "_data", None)
        self.close = os.close
        self.open = os.open
        self.read_only = os.O_RDONLY
        self.pipe = os.pipe
        self.read = os.read
        self.write = os.write
        self.exit_now = os._exit
        self.monotonic = time.monotonic
        self.perf_counter = time.perf_counter
        self.process_time = time.process_time
        self.sleep = time.sleep
        self.current_frames = sys._current_frames
        self.poll_object = _poll_factory()
        self.duplicate_high = _high_duplicator()


def _poll_factory():
    """A function fd -> wait(milliseconds) -> bool, or None where poll() does not exist."""
    if select is None or not hasattr(select, "poll"):
        return None
    poll, readable = select.poll, select.POLLIN

    def watch(descriptor):
        poller = poll()
        poller.register(descriptor, readable)
        return poller.poll

    return watch


def _high_duplicator():
    """A function moving a descriptor out of the low numbers, which subjects expect to get themselves."""
    close = os.close
    if fcntl is None:
        return lambda descriptor: descriptor
    control, command, set_inheritable = fcntl.fcntl, fcntl.F_DUPFD, os.set_inheritable

    def move(descriptor):
        try:
            moved = control(descriptor, command, _LOWEST_OWN)
        except OSError:  # the limit of open files is too low
            return descriptor
        set_inheritable(moved, False)
        close(descriptor)
        return moved

    return move


NATIVES = Natives()
