"""A token passed between threads: one byte in a pipe.

Enters: nothing.  Leaves: an object with take() and give().
A pipe is as fast as a lock with a GIL and 15 to 100 times faster on free-threaded CPython and PyPy.
"""

from .natives import NATIVES


class Baton:
    """Binary hand-over between two threads; give() before take() is remembered."""

    __slots__ = ("_read", "_reader", "_wait", "_write", "_writer")

    def __init__(self):
        reader, writer = NATIVES.pipe()
        self._reader = NATIVES.duplicate_high(reader)
        self._writer = NATIVES.duplicate_high(writer)
        self._read = NATIVES.read
        self._write = NATIVES.write
        self._wait = NATIVES.poll_object(self._reader) if NATIVES.poll_object else None

    def take(self):
        """Block until the token is here."""
        self._read(self._reader, 1)

    def give(self):
        """Hand the token over."""
        self._write(self._writer, b"x")

    def take_within(self, milliseconds):
        """Like take(), but return False when the token has not come in time."""
        if self._wait is not None and not self._wait(milliseconds):
            return False
        self._read(self._reader, 1)
        return True

    def descriptors(self):
        """The two file descriptors, for a forked child to close."""
        return (self._reader, self._writer)
