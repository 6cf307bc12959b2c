"""Locks that belong to the scheduler while an execution runs and are ordinary locks otherwise.

Enters: acquire and release.  Leaves: switch points before each, blocking without stopping the process.
threading's Condition, Event, Semaphore, Barrier, Timer, queue.Queue and executors are Python code on top of
these two, and work unchanged.  Source: library reference, "threading", "Lock Objects", "RLock Objects".
Misses: locks made in C (import lock, io objects); the watchdog sees those.
"""

from .natives import NATIVES
from .scheduler import SCHEDULER
from .sites import ACQUIRE, RELEASE

_FOREVER = -1
_MAXIMUM_TIMEOUT = 4294967.0


def _check_arguments(blocking, timeout):
    """Raise what a real lock raises for impossible arguments."""
    if timeout != _FOREVER:
        if not blocking:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0:
            raise ValueError("timeout value must be a non-negative number")
        if timeout > _MAXIMUM_TIMEOUT:
            raise OverflowError("timeout value is too large")


class Lock:
    """threading.Lock under control of the scheduler."""

    label = "a lock"

    def __init__(self):
        self._inner = NATIVES.allocate_lock()

    def acquire(self, blocking=True, timeout=_FOREVER):
        """See threading.Lock.acquire; the timeout is virtual during executions."""
        if timeout != _FOREVER:
            _check_arguments(blocking, timeout)
        actor = SCHEDULER.mine()
        if actor is None:
            return self._inner.acquire(blocking, timeout)
        SCHEDULER.reach(ACQUIRE, self, None if blocking and timeout == _FOREVER else "try")
        while not self._inner.acquire(False):
            if not blocking:
                return False
            if not SCHEDULER.block(self, None if timeout == _FOREVER else timeout):
                return False
        SCHEDULER.taken(self, actor)
        return True

    __enter__ = acquire
    acquire_lock = acquire

    def release(self):
        """See threading.Lock.release."""
        actor = SCHEDULER.mine()
        if actor is None or SCHEDULER.aborting:
            self._inner.release()
            if not SCHEDULER.aborting:
                SCHEDULER.wake(self)  # an actor may wait for a thread that nobody scheduled
            return
        SCHEDULER.reach(RELEASE, self, None)
        self._inner.release()
        SCHEDULER.given_back(self)
        SCHEDULER.wake(self)

    release_lock = release

    def __exit__(self, *exception):
        self.release()

    def locked(self):
        """Whether somebody holds the lock."""
        return self._inner.locked()

    locked_lock = locked

    def abandon(self):
        """The execution that took the lock is over: nobody will release it."""
        if self._inner.locked():
            self._inner.release()

    def _at_fork_reinit(self):
        self._inner = NATIVES.allocate_lock()

    def __repr__(self):
        return "<%s lock>" % ("locked" if self.locked() else "unlocked")


class RLock:
    """threading.RLock under control of the scheduler; taking it again is no switch point."""

    label = "a reentrant lock"

    def __init__(self):
        self._block = Lock()
        self._block.label = self.label
        self._owner = None
        self._count = 0

    def acquire(self, blocking=True, timeout=_FOREVER):
        """See threading.RLock.acquire."""
        me = SCHEDULER.identity()
        if self._owner == me and self._block.locked():
            self._count += 1
            return True
        if not self._block.acquire(blocking, timeout):
            return False
        self._owner = me
        self._count = 1
        return True

    __enter__ = acquire

    def release(self):
        """See threading.RLock.release."""
        if self._owner != SCHEDULER.identity():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        if not self._count:
            self._owner = None
            self._block.release()

    def __exit__(self, *exception):
        self.release()

    def locked(self):
        """Whether somebody holds the lock."""
        return self._block.locked()

    # used by threading.Condition

    def _is_owned(self):
        return self._owner == SCHEDULER.identity()

    def _release_save(self):
        if self._count == 0:
            raise RuntimeError("cannot release un-acquired lock")
        saved = (self._count, self._owner)
        self._count = 0
        self._owner = None
        self._block.release()
        return saved

    def _acquire_restore(self, saved):
        self._block.acquire()
        self._count, self._owner = saved

    def _recursion_count(self):
        return self._count if self._is_owned() else 0

    def _at_fork_reinit(self):
        self.__init__()

    def __repr__(self):
        return "<%s reentrant lock, count %d>" % ("locked" if self.locked() else "unlocked", self._count)
