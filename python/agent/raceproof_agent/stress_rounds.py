"""Rounds of a stress process: the programs of a driver, once by real threads at the same time, or handed from one to the next.

Enters: programs (lists of callables).  Leaves: raw results of each thread, or that they did not end.
A worker does nothing but call the operations: no formatting, no look-ups in modules that a subject may have
replaced, no lock between two operations.  What it raised is described after all have ended.
"""

import random
import sys
from itertools import groupby

from .actor import RAISED, RETURNED
from .natives import NATIVES

_MEETING_TURNS = 20_000
_IDLE_TURNS = 4_000
_GLANCE = 0.5  # seconds
_FEWEST_GLANCES = 4
_OWN_SHARE = 0.002  # seconds of processor time; looking takes less


class Stuck(Exception):
    """Threads did not end in time."""


class Rounds:
    """Plays programs; `seconds` is what the last round took.

    Threads that use no processor time for `patience` seconds, or more of it than that, will not end.  Wall time alone tells
    nothing: on a busy machine a sound round may take minutes, and a process that is stopped stands still as a whole.  Seconds
    without processor time are therefore counted in glances, each no longer than it was meant to be.
    """

    def __init__(self, processors):
        self._draw = random.Random(1)
        self._processors = processors
        self._switches_anywhere = not getattr(sys, "_is_gil_enabled", lambda: True)()
        self.patience = 10.0
        self.seconds = 0.0

    def together(self, programs):
        """All threads at the same time, released by one gate each.  Returns [[(status, value), ...], ...]."""
        meeting = _Meeting(len(programs)) if self._switches_anywhere and len(programs) <= self._processors else None
        threads = [_Thread(operations, meeting, self._delay(meeting)) for operations in programs]
        for thread in threads:
            thread.start(thread.run_all)
        for thread in self._shuffled(threads):
            thread.gate.release()
        self._join(threads)
        return [thread.results for thread in threads]

    def in_order(self, programs, order):
        """Operation after operation, each in the thread it belongs to: a serial order, as thread numbers."""
        threads = [_Thread(operations, None, 0) for operations in programs]
        for thread in threads:
            thread.start(thread.run_stepwise)
        began = NATIVES.monotonic()
        try:
            for number, steps in groupby(order):
                threads[number].steps = sum(1 for _ in steps)
                threads[number].gate.release()
                self._wait(threads[number])
        finally:
            self.seconds = NATIVES.monotonic() - began
            for thread in threads:
                thread.steps = 0
                thread.gate.release()
        self._join(threads)
        return [thread.results for thread in threads]

    def _shuffled(self, threads):
        order = list(threads)
        self._draw.shuffle(order)
        return order

    def _delay(self, meeting):
        """Threads that really run at once would meet at the same points in every round without it."""
        return 0 if meeting is None else int(self._draw.random() ** 2 * _IDLE_TURNS)

    def _join(self, threads):
        for thread in threads:
            self._wait(thread)

    def _wait(self, thread):
        began = used = NATIVES.process_time()
        glance = min(_GLANCE, self.patience / _FEWEST_GLANCES)
        idle = 0.0
        while not thread.done.acquire(True, glance):
            now = NATIVES.process_time()
            idle += glance
            if now - used > _OWN_SHARE:
                used, idle = now, 0.0
            if now - began > self.patience or idle >= self.patience:
                raise Stuck


class _Meeting:
    """Where threads on different processors wait for each other without sleeping."""

    def __init__(self, size):
        self._size = size
        self._arrived = []

    def wait(self, delay):
        arrived, size = self._arrived, self._size
        arrived.append(None)
        for _ in range(_MEETING_TURNS):
            if len(arrived) >= size:
                break
        for _ in range(delay):
            pass


class _Thread:
    """One worker and its results."""

    def __init__(self, operations, meeting, delay):
        self.operations = operations
        self.results = []
        self.steps = 0
        self.gate = NATIVES.allocate_lock()
        self.done = NATIVES.allocate_lock()
        self.gate.acquire()
        self.done.acquire()
        self._meeting = meeting
        self._delay = delay

    def start(self, run):
        NATIVES.start_thread(run, ())

    def run_all(self):
        self.gate.acquire()
        if self._meeting is not None:
            self._meeting.wait(self._delay)
        self._call(self.operations)
        self.done.release()

    def run_stepwise(self):
        position = 0
        while True:
            self.gate.acquire()
            if not self.steps:
                break
            self._call(self.operations[position : position + self.steps])
            position += self.steps
            self.done.release()
        self.done.release()

    def _call(self, operations):
        keep = self.results.append
        for operation in operations:
            try:
                result = (RETURNED, operation())
            except BaseException as error:
                result = (RAISED, error)
            keep(result)
