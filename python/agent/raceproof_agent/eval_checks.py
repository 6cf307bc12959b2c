"""Stops a thread only where a CPython with a GIL, 3.10 or later, may hand the GIL over.

Such an interpreter looks whether it shall do so at the start of a Python function (and when a generator goes on), at a backward
jump, when a call of something written in C has returned and, in 3.10, at a conditional jump that is taken and when an exception is
caught; between two of these checks all accesses of a thread are one step.
An access is therefore a switch point only if its thread passed a check since its last one: what lies in between is the thread's own.
sys.monitoring (3.12) reports exactly these events, in every function of the process, whatever the source says; in the syntax tree
properties, operators, callbacks and finalizers that run Python code could not be seen.
Sources: CPython, Python/ceval.c and bytecodes.c, CHECK_EVAL_BREAKER; library reference, "sys.monitoring"; measured: bench/models/handovers.py.
Up to 3.11 a comprehension is a function: the rewriter reports the start of one.
Over-reports: 3.12 and later leave the check out after some C functions (len, isinstance, list.append) in warm code; what only
3.10 or 3.11 do is taken for all.
Misses: C code that lets go of the GIL without being called (the last reference to an open file goes); up to 3.11 the collector,
and with it finalizers in Python, runs wherever a container is made.
"""

import builtins
import dis
import os
import sys

from .expression_rewriter import Comprehensions
from .natives import NATIVES

_TOOL = 4
_BRANCHES = ("BRANCH_LEFT", "BRANCH_RIGHT") if hasattr(sys, "monitoring") and hasattr(sys.monitoring.events, "BRANCH_LEFT") else ("BRANCH",)
_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
# these stand for C functions: their start is the check that follows the C function's return
_STAND_INS = frozenset(_FOLDER + name + ".py" for name in ("primitives", "threading_patch", "clock", "randomness", "selector_patch"))


class EvalChecks:
    """Watches the running thread; reach() takes the place of the scheduler's at the access points."""

    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._reach = scheduler.reach
        self._get_ident = NATIVES.get_ident
        self._passed = False  # a check, by the thread that runs, since its last access

    @staticmethod
    def available():
        """Whether this interpreter reports the events."""
        return hasattr(sys, "monitoring")

    def reach(self, site, target, name):
        """See Scheduler.reach; an access without a check before it belongs to the step of the one before."""
        actor = self._scheduler.holder
        if actor is None:
            return
        if self._passed or actor.ident != self._get_ident():
            self._reach(site, target, name)
            self._passed = False
        else:
            self._scheduler.pass_by(site, target, name)

    def _comprehension_starts(self):
        self._passed = True
        return True

    def watch(self):
        """Have the events reported from now on, before any source is rewritten."""
        Comprehensions.start = "_rp_started_"
        builtins._rp_started_ = self._comprehension_starts
        monitoring = sys.monitoring
        events, disable = monitoring.events, monitoring.DISABLE
        quiet = {}

        def is_quiet(code):
            found = quiet.get(code.co_filename)
            if found is None:
                name = os.path.abspath(code.co_filename)
                found = quiet[code.co_filename] = name.startswith(_FOLDER) and name not in _STAND_INS
            return found

        def entered(code, offset):
            if is_quiet(code):
                return disable
            self._passed = True

        def jumped(code, offset, destination):
            if destination > offset or is_quiet(code):
                return disable
            self._passed = True

        def called(code, offset, function, argument):
            return disable if is_quiet(code) else None

        def returned(code, offset, function, argument):
            self._passed = True

        def handled(code, offset, error):
            if not is_quiet(code):
                self._passed = True

        jumps_of = {}

        def branched(code, offset, destination):
            found = jumps_of.get(id(code))
            if found is None:  # the code is kept, so that no other gets its identity
                found = jumps_of[id(code)] = ({} if is_quiet(code) else _conditional_jumps(code), code)
            following = found[0].get(offset)
            if following is None:
                return disable
            if destination != following:
                self._passed = True

        monitoring.use_tool_id(_TOOL, "raceproof")
        callbacks = ((events.PY_START, entered), (events.PY_RESUME, entered), (events.JUMP, jumped), (events.CALL, called))
        callbacks += ((events.EXCEPTION_HANDLED, handled),)
        callbacks += tuple((getattr(events, name), branched) for name in _BRANCHES if hasattr(events, name))
        for event, callback in callbacks + ((events.C_RETURN, returned),):
            monitoring.register_callback(_TOOL, event, callback)
        monitoring.set_events(_TOOL, sum(event for event, _ in callbacks))


def _conditional_jumps(code):
    """By offset, where a conditional jump goes on when it is not taken."""
    instructions = list(dis.get_instructions(code))
    pairs = zip(instructions, instructions[1:])
    return {jump.offset: following.offset for jump, following in pairs if jump.opname.startswith("POP_JUMP_IF")}
