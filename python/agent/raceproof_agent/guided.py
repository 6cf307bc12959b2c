"""Plays a chosen sequence of accesses and tells everything that happened: the agent's half of DPOR.

Source: Abdulla, Aronis, Jonsson and Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014 (the other half, which chooses,
is outside).  A transition is the announced access and everything up to the next one, with all it touches.
Enters: thread numbers of the first transitions, sleeping threads.  Leaves: the transitions made, with what each touched.
Does not model: threads the subject starts, sleeps, timeouts, generators that several threads step (one may be entered again only after
its next yield, and a yield is no transition); an execution with one of them says so.
"""

import types

from .actor import DONE, READY
from .locations import dependent, touched
from .sites import ACQUIRE, JOIN, RELEASE, SLEEP, SPAWN
from .strategies import Strategy

_UNMODELED = {SLEEP: "a thread sleeps", SPAWN: "the subject starts threads", JOIN: "the subject joins threads"}


class _Pending:
    """What a thread is about to do."""

    __slots__ = ("kind", "lock", "touches")

    def __init__(self, kind, lock, touches):
        self.kind = kind
        self.lock = lock
        self.touches = touches

    def is_possible(self):
        return self.kind != "acquire" or not self.lock.locked()


class Guided(Strategy):
    """Follows the prefix, then goes on with the thread that runs, else the lowest, none of them asleep."""

    sees_accesses = True

    def __init__(self, prefix, sleeping):
        """No `sleeping` where several accesses are one step: what a sleeping thread's step touches is not known from its first access."""
        super().__init__()
        self._prefix = prefix
        self._sleeping = set(sleeping)
        self._pending = {}
        self._kept = []
        self._running = None
        self._is_over = False  # what follows is not looked at
        self._waiting = []  # threads that could never go on
        self.events = []  # (thread, _Pending, threads that slept before)
        self.redundant = False
        self.unmodeled = None
        self._steppers = {}  # which thread steps a generator, by the identity of its frame

    def adopt(self, actor):
        actor.wanted = 0
        if actor.interrupts:
            self.unmodeled = "a garbage collection interrupts a thread"

    def announce(self, actor, site, target, name):
        if site in _UNMODELED:
            self._stop(_UNMODELED[site])
        touches = self._touched(actor, site, target, name)
        if site == ACQUIRE:
            kind = "acquire" if name is None else "try"
        else:
            kind = "release" if site == RELEASE else "access"
        self._pending[actor.index] = _Pending(kind, target if site == ACQUIRE else None, touches)

    def join(self, actor, site, target, name):
        """The step that is being made touches more than was announced; nobody sleeps then, see __init__."""
        if not self.events or self.events[-1][0] != actor.index:
            self._stop("an access before the first step of its thread")
            return
        self.events[-1][1].touches += self._touched(actor, site, target, name)

    def _touched(self, actor, site, target, name):
        touches, kept = touched(site, target, name)
        self._kept += kept
        if isinstance(target, (types.GeneratorType, types.FrameType)) and self._steppers.setdefault(touches[0][0], actor.index) != actor.index:
            self._stop("threads step one generator")
        return touches

    def arrive(self, actor, site):
        return self._next() or actor

    def follow(self):
        return self._next() or super().follow()

    def imposed(self, actor):
        self._stop("a timeout or an uncontrolled thread")

    def _next(self):
        """The actor to run, None when nobody can make a transition."""
        for actor in self._actors:
            if actor.state is READY and actor.index not in self._pending:
                return actor  # to its first switch point
        if self._is_over:
            return None
        possible = []
        for actor in self._actors:
            if actor.state is READY and self._pending[actor.index].is_possible():
                possible.append(actor)
            elif actor.state is not READY and actor.state is not DONE:
                self._stop("a wait that is not a lock")
                return None
        chosen = self._choose(possible)
        if chosen is None:
            self._is_over = True
            self._waiting = [actor.index for actor in self._actors if actor.state is READY]
            return None
        self._make(chosen)
        return chosen

    def _choose(self, possible):
        position = len(self.events)
        if position < len(self._prefix):
            for actor in possible:
                if actor.index == self._prefix[position]:
                    return actor
            self.diverged = True
            return None
        awake = [actor for actor in possible if actor.index not in self._sleeping]
        self.redundant = bool(possible) and not awake
        return self._running if self._running in awake else (awake[0] if awake else None)

    def _make(self, actor):
        made = self._pending[actor.index]
        self.events.append((actor.index, made, sorted(self._sleeping)))
        if len(self.events) >= len(self._prefix):
            self._sleeping = {index for index in self._sleeping if not dependent(self._pending[index].touches, made.touches)}
        self._running = actor

    def _stop(self, why):
        self.unmodeled = self.unmodeled or why
        self._is_over = True

    def describe(self):
        """The transitions, and what threads that never went on were waiting for, as protocol values."""
        numbers = {}
        events = [dict(_describe(index, made, numbers), sleeping=sleeping) for index, made, sleeping in self.events]
        blocked = () if self.redundant or self.diverged else self._waiting
        waiting = [_describe(index, self._pending[index], numbers) for index in blocked]
        return events, waiting

    def let_go(self):
        """Drop what belongs to the subject."""
        self._kept.clear()
        for pending in self._pending.values():
            pending.lock = None


def _describe(index, pending, numbers):
    touches = []
    for identity, part, writes in pending.touches:
        touches.append([numbers.setdefault(identity, len(numbers) + 1), _part_text(part), writes])
    return {"thread": index, "kind": pending.kind, "touches": touches}


def _part_text(part):
    if part is None or isinstance(part, str):
        return part
    return "[%r]" % (part[1],)
