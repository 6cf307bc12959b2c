"""Garbage collection between executions only, or as an event that schedules place.

Enters: nothing.  Leaves: finalizers that never run where no schedule put them, memory that does not grow.
What lives after import is put aside (gc.freeze), so that a collection looks at the garbage of executions alone.
"""

import gc

LOOK_EVERY = 50  # executions
GARBAGE_LIMIT = 30_000  # objects more than after the last collection
COLLECT_EVERY = 2_000  # executions, where the objects cannot be counted

COLLECTION = "garbage collection"  # name of the thread of a driver that collects


def collect():
    """Collect now; returns the number of objects found (0 where it is not told)."""
    found = gc.collect() or 0
    if not hasattr(gc, "get_count"):  # PyPy runs finalizers a little later: a second round waits for them
        gc.collect()
    return found


def collection():
    """The operation of a driver that collects: finalizers and callbacks of weak references run, as part of this thread."""
    collect()


class Garbage:
    """Decides when to collect."""

    def __init__(self):
        gc.disable()
        self._since = 0
        self._freeze = getattr(gc, "freeze", None)
        self._count = getattr(gc, "get_count", None)

    def settle(self):
        """Everything alive now will stay: do not look at it again."""
        self.collect()
        if self._freeze is not None:
            self._freeze()

    def after_execution(self):
        """Collect when enough has gathered."""
        self._since += 1
        if self._since % LOOK_EVERY:
            return
        counted = self._count is not None and self._count()[0] > GARBAGE_LIMIT
        if counted or self._since >= COLLECT_EVERY:
            self.collect()

    def collect(self):
        """Collect now; returns the number of objects found (0 where it is not told)."""
        self._since = 0
        return collect()
