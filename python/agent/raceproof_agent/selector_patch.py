"""Waiting for descriptors in virtual time, so that event loops work inside an execution.

Enters: the selectors module, when loaded.  Leaves: select() methods that ask the system without waiting, and
sleep virtually when nothing is ready.
Misses: select.select, poll and epoll called directly; the watchdog sees those.
"""

from .natives import NATIVES
from .scheduler import SCHEDULER

_STEP = 0.05  # seconds between two looks when there is no timeout
_REAL_LOOKS = 200


class SelectorPatch:
    """Patches the selector classes once, when somebody has imported them."""

    def __init__(self, modules):
        self._modules = modules
        self._done = False

    def apply(self):
        """Patch now, if the module is there."""
        module = self._modules.get("selectors")
        if module is None or self._done:
            return
        self._done = True
        for kind in list(vars(module).values()):
            if isinstance(kind, type) and issubclass(kind, module.BaseSelector) and "select" in vars(kind):
                kind.select = _virtual(vars(kind)["select"])


def _virtual(real):
    """The method with virtual waiting."""

    def select(self, timeout=None):
        if SCHEDULER.mine() is None:
            return real(self, timeout)
        ready = real(self, 0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is not None:
            SCHEDULER.sleep(timeout)
            return real(self, 0)
        for _ in range(_REAL_LOOKS):
            SCHEDULER.sleep(_STEP)
            ready = real(self, 0)
            if ready:
                return ready
            NATIVES.sleep(0.001)
        return real(self, None)

    return select
