"""Watches the running actor from the main thread while an execution lasts.

Enters: the scheduler.  Leaves: nothing; it detaches threads blocked in C and unwinds endless loops.
Never decides on wall time alone where the system tells more: a blocked thread sleeps at the same
instruction without using the processor, a loop uses it without reaching a switch point.
"""

from .actor import Abort
from .natives import NATIVES

try:
    import ctypes

    _set_async_exception = ctypes.pythonapi.PyThreadState_SetAsyncExc
except (ImportError, AttributeError, OSError):  # PyPy, or built without ctypes
    ctypes = None
    _set_async_exception = None

LOOP_TICKS = 200  # hundredths of a second of processor time
SAME_LOOKS = 6
LOOKS_WITHOUT_PROC = 100
BLOCKED_ROUNDS = 8


class Watchdog:
    """Looks every `interval` milliseconds at the actor that should be moving."""

    interval = 50

    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._reset()

    def _reset(self):
        self._last = None
        self._same = 0
        self._loop_key = None
        self._loop_ticks = 0
        self._loop_looks = 0
        self._blocked_rounds = 0
        self._escalation = 0

    def watch(self, finished):
        """The execution lasts longer than the interval: look until its last baton arrives."""
        self._reset()
        self._look()
        while not finished.take_within(self.interval):
            self._look()

    def _look(self):
        actor = self._scheduler.holder
        if actor is None or actor.ident is None or self._scheduler.succession.is_waiting:
            return
        sleeping, ticks = _processor_state(actor.native_id)
        self._look_for_block(actor, sleeping, ticks)
        self._look_for_loop(actor, sleeping, ticks)

    def _look_for_block(self, actor, sleeping, ticks):
        frame = NATIVES.current_frames().get(actor.ident)
        now = (actor, actor.passed, id(frame), frame.f_lasti if frame is not None else None, ticks)
        frame = None
        stuck = sleeping is not False and now == self._last
        self._same = self._same + 1 if stuck else 0
        self._last = now
        if self._same < (SAME_LOOKS if sleeping else LOOKS_WITHOUT_PROC):
            return
        self._same = 0
        if self._scheduler.aborting or not self._scheduler.rescue.detach(actor):
            self._unblock(actor)

    def _unblock(self, actor):
        """Nobody else can run: the execution is stuck in C."""
        scheduler = self._scheduler
        if scheduler.aborting:
            scheduler.rescue.abandon(actor)
            return
        self._blocked_rounds += 1
        if self._blocked_rounds < BLOCKED_ROUNDS:
            return
        scheduler.rescue.call_off("%s is blocked outside the scheduler" % actor.name)
        scheduler.execution.uncontrolled = True
        _raise_in(actor)

    def _look_for_loop(self, actor, sleeping, ticks):
        key = (actor, actor.passed)
        if key != self._loop_key:
            self._loop_key, self._loop_ticks, self._loop_looks = key, ticks, 0
            return
        self._loop_looks += 1
        if ticks is None:
            looping = sleeping is None and self._loop_looks * self.interval > 5000
        else:
            looping = ticks - self._loop_ticks >= LOOP_TICKS
        if not looping:
            return
        self._loop_ticks, self._loop_looks = ticks, 0
        self._escalate(actor)

    def _escalate(self, actor):
        self._escalation += 1
        if self._escalation == 1:
            self._scheduler.rescue.call_off("%s loops without reaching a switch point" % actor.name)
        elif self._escalation == 2 and _set_async_exception is not None:
            _raise_in(actor)
        else:
            self._scheduler.rescue.abandon(actor)


def _raise_in(actor):
    if _set_async_exception is not None:
        _set_async_exception(ctypes.c_ulong(actor.ident), ctypes.py_object(Abort))


def _processor_state(native_id):
    """(whether the thread sleeps, processor ticks used so far); (None, None) where /proc does not tell."""
    if native_id is None:
        return None, None
    try:
        descriptor = NATIVES.open("/proc/self/task/%d/stat" % native_id, NATIVES.read_only)
    except OSError:
        return None, None
    try:
        fields = NATIVES.read(descriptor, 1024).rsplit(b")", 1)[1].split()
    finally:
        NATIVES.close(descriptor)
    return fields[0] in (b"S", b"D"), int(fields[11]) + int(fields[12])
