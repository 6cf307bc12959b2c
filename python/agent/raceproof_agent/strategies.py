"""Who runs next: plans made outside, played here.

Enters: segments, a serial order or a named plan.  Leaves: decisions, and whether the plan was reached.
Contract: begin(actors) gives the first to run; arrive(actor, site) is asked when the running actor has passed
`actor.wanted` switch points (or earlier; it says again who runs); follow() when it ended or is blocked;
adopt(actor) for threads the subject starts.
"""

from .actor import BLOCKED, NEVER, READY, SLEEPING
from .sites import OPERATION


class Strategy:
    """What all strategies share: nobody is stopped, and the lowest number goes on."""

    is_serial = False  # sleeping threads keep their turn, and operations are the only decisions
    sees_accesses = False  # announce() is called before arrive(), with what is going to be accessed
    diverged = False
    patience = 100_000  # switch points in a row before another runnable thread gets its chance

    def __init__(self):
        self._actors = ()

    def begin(self, actors):
        """An execution begins; `actors` grows when the subject starts threads."""
        self._actors = actors
        for actor in actors:
            self.adopt(actor)
        return actors[0]

    def adopt(self, actor):
        """A new actor."""
        actor.wanted = NEVER

    def announce(self, actor, site, target, name):
        """What the actor that arrives is about to access."""

    def passed_by(self, actor, site):
        """The actor makes an access before which it cannot be stopped."""

    def join(self, actor, site, target, name):
        """As announce(), for an access that belongs to the step of the one before."""

    def woken(self, actor, running):
        """An actor can run from now on, because of what the running one did."""

    def imposed(self, actor):
        """An actor goes on although nobody asked this strategy: its time has come."""

    def arrive(self, actor, site):
        """The actor at a switch point: itself to go on, or another one."""
        return actor

    def follow(self):
        """The running actor cannot go on: a runnable one, or None."""
        for other in self._actors:
            if other.state is READY:
                return other
        return None

    def _runnable(self, index):
        """The actor with this number if a schedule may choose it now."""
        if not 0 <= index < len(self._actors):
            return None
        actor = self._actors[index]
        if actor.state is READY or actor.state is SLEEPING or self._may_time_out(actor):
            return actor
        return None

    def _may_time_out(self, actor):
        """Whether naming an actor that waits with a timeout lets the timeout come."""
        return False


class Segments(Strategy):
    """[(thread, until), ...]: run the thread until it is about to make its until-th access, then the next.

    `diverged` tells that some `until` was not reached.
    """

    def __init__(self, segments):
        super().__init__()
        self._segments = segments
        self._position = -1
        self._current = None
        self._until = None
        self.diverged = False

    def begin(self, actors):
        first = super().begin(actors)
        self._position, self._current, self._until, self.diverged = -1, None, None, False
        return self._enter_next() or first

    def arrive(self, actor, site):
        if self._until is None or actor is not self._current or actor.passed < self._until:
            return actor
        return self._enter_next() or actor

    def follow(self):
        if self._until is not None:
            self.diverged = True
        return self._enter_next() or super().follow()

    def _enter_next(self):
        """Go to the next segment whose thread can run; None when there is none."""
        if self._current is not None:
            self._current.wanted = NEVER
            self._current = self._until = None
        while self._position + 1 < len(self._segments):
            self._position += 1
            thread, until = self._segments[self._position]
            actor = self._runnable(thread)
            if actor is None or (until is not None and until <= actor.passed):
                self.diverged = self.diverged or (until is not None and (actor is None or until < actor.passed))
                continue
            self._current, self._until = actor, until
            actor.wanted = NEVER if until is None else until
            return actor
        return None


class Serial(Strategy):
    """One operation after the other, in the given order of thread numbers."""

    is_serial = True
    patience = 200_000

    def __init__(self, order):
        super().__init__()
        self._order = order
        self._position = 0
        self._waiting = set()  # actors that stand before an operation, out of turn

    def begin(self, actors):
        super().begin(actors)
        self._position = 0
        self._waiting = set()
        return actors[self._order[0]]

    def arrive(self, actor, site):
        if site != OPERATION:
            return actor
        chosen = self._actors[self._order[self._position]] if self._position < len(self._order) else actor
        if chosen is not actor and chosen.state is READY:
            self._waiting.add(actor)
            return self._let_go(chosen)
        self._position += 1
        return actor

    def follow(self):
        for index in self._order[self._position :]:
            if self._actors[index].state is READY:
                return self._let_go(self._actors[index])
        return super().follow()

    def _let_go(self, actor):
        """The actor runs; if it already stands before its operation, that one is now taken from the order."""
        if actor in self._waiting:
            self._waiting.discard(actor)
            self._position += 1
        return actor


class NamedPlan(Strategy):
    """[(thread, site number or None, occurrence), ...]: the portable form of a schedule.

    `reached` tells whether every stop was made, `missed` which step was the first that was not, and `prevented` that each
    missed one was missed because its thread had to wait.
    """

    def __init__(self, steps):
        super().__init__()
        self._steps = steps
        self._position = -1
        self._evaded = False
        self.missed = None

    @property
    def reached(self):
        """Every stop was made."""
        return self.missed is None

    @property
    def prevented(self):
        """A lock, say, keeps the plan from being followed: the code is still the one the plan is about."""
        return not self.reached and not self._evaded

    def begin(self, actors):
        first = super().begin(actors)
        self._position, self._evaded, self.missed = -1, False, None
        return self._enter_next() or first

    def adopt(self, actor):
        actor.wanted = 0
        actor.counts = {}

    def _may_time_out(self, actor):
        return actor.state is BLOCKED and actor.deadline is not None  # as it did when the plan was recorded

    def passed_by(self, actor, site):
        actor.counts[site] = actor.counts.get(site, 0) + 1

    def arrive(self, actor, site):
        self.passed_by(actor, site)
        if self._position >= len(self._steps):
            return actor
        thread, stop, occurrence = self._steps[self._position]
        if stop != site or occurrence != actor.counts[site] or thread != actor.index:
            return actor
        return self._enter_next() or actor

    def follow(self):
        if self._position < len(self._steps) and self._steps[self._position][1] is not None:
            self._miss(self._steps[self._position][0])
        return self._enter_next() or super().follow()

    def _miss(self, thread):
        if self.missed is None:
            self.missed = self._position
        waits = 0 <= thread < len(self._actors) and self._actors[thread].state is BLOCKED
        self._evaded = self._evaded or not waits

    def _enter_next(self):
        while self._position + 1 < len(self._steps):
            self._position += 1
            thread, stop, _ = self._steps[self._position]
            actor = self._runnable(thread)
            if actor is not None:
                return actor
            if stop is not None:
                self._miss(thread)
        self._position = len(self._steps)
        return None
