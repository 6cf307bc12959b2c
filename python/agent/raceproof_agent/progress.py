"""The index of the execution in hand, in a file that survives a crash of the process.

Enters: a path.  Leaves: eight bytes, little endian: the index since the request began, or all ones when idle.
"""

import mmap
import struct

_IDLE = (1 << 64) - 1


class Progress:
    """A mapped file, or nothing when no path was given."""

    def __init__(self, path):
        self._map = None
        self._index = 0
        self._pack = struct.Struct("<Q").pack_into
        if path is not None:
            with open(path, "w+b") as stream:
                stream.write(b"\xff" * 8)
                stream.flush()
                self._map = mmap.mmap(stream.fileno(), 8)

    def show(self, index):
        """The execution with this index is about to run."""
        if self._map is not None:
            self._pack(self._map, 0, index)

    def next(self):
        """One more execution of a request that has no schedules."""
        self.show(self._index)
        self._index += 1

    def idle(self):
        """No execution is running."""
        self._index = 0
        self.show(_IDLE)
