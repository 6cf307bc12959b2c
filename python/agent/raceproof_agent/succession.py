"""Who runs when the running thread cannot go on, and how an execution ends.

Enters: actors and a strategy.  Leaves: the next actor; deadlocks, idle daemons and endings are decided here.
A deadlock is: nobody can run, no virtual timer is pending, no detached thread comes back.
"""

from .actor import BLOCKED, DETACHED, DONE, READY, SLEEPING
from .clock import CLOCK
from .natives import NATIVES
from .sites import SITES

OTHERS_PATIENCE = 1.0  # seconds
_GLANCE = 0.002


class Succession:
    """Decisions over the actors of one scheduler."""

    def __init__(self, scheduler):
        self._scheduler = scheduler
        self.is_waiting = False  # the running actor has nothing to do but look whether others go on

    def successor(self):
        """The actor to run next, or None when all are done.  May end the execution."""
        scheduler = self._scheduler
        if self._only_daemons_left():
            return self.end("finished", "")
        chosen = scheduler.strategy.follow()
        if chosen is not None:
            return chosen
        if all([actor.state is DONE for actor in scheduler.actors]):
            return None
        timed = [actor for actor in scheduler.actors if actor.deadline is not None and actor.state in (BLOCKED, SLEEPING)]
        if timed:
            first = min(timed, key=lambda actor: (actor.deadline, actor.index))
            awake(first)
            scheduler.strategy.imposed(first)
            return first
        self.is_waiting = True
        returned = self._wait_for_others()
        self.is_waiting = False
        if returned is not None:
            scheduler.strategy.imposed(returned)
            return returned
        waiting = [actor for actor in scheduler.actors if actor.state in (BLOCKED, DETACHED)]
        if not waiting:
            return None
        if all(actor.index >= scheduler.execution.programs for actor in waiting):
            return self.end("finished", "")  # threads of the subject wait for work
        return self.end("deadlock", "; ".join(self._describe_wait(actor) for actor in waiting))

    def end(self, ending, detail):
        """End the execution now: every thread still alive unwinds.  Returns the first to do so, or None."""
        scheduler = self._scheduler
        scheduler.aborting = True
        for actor in scheduler.actors:
            actor.stop = 0
        if scheduler.execution.ending == "finished":
            scheduler.execution.ending = ending
            scheduler.execution.detail = detail
        return self.next_to_unwind()

    def next_to_unwind(self):
        """An actor that has not unwound yet, or None."""
        for actor in self._scheduler.actors:
            if actor.state in (READY, BLOCKED, SLEEPING):
                actor.state = READY
                return actor
        return None

    def relief(self, tired):
        """Another actor that can run, after the tired one in the round; the tired one when there is none."""
        actors = self._scheduler.actors
        for distance in range(1, len(actors)):
            actor = actors[(tired.index + distance) % len(actors)]
            if actor.state is READY:
                return actor
        return tired

    def interrupt(self, actor, collection):
        """A collection begins while the actor runs: the interpreter does it in the actor's thread, between two steps of it."""
        if collection.passed == 0:
            collection.host = actor
            actor.state = BLOCKED
            actor.waits_for = collection

    def _only_daemons_left(self):
        actors, programs = self._scheduler.actors, self._scheduler.execution.programs
        if len(actors) == programs:
            return False
        return all(actor.state is DONE or (actor.daemon and actor.index >= programs) for actor in actors)

    def _wait_for_others(self):
        """An actor that becomes runnable because a thread outside the scheduler goes on, or None."""
        scheduler, waited = self._scheduler, 0.0
        while True:
            for actor in scheduler.actors:
                if actor.state is READY:
                    return actor
            states = [actor.state for actor in scheduler.actors]
            may_change = DETACHED in states or (BLOCKED in states and scheduler.crew.strangers() > 0)
            if waited >= OTHERS_PATIENCE or not may_change:
                return None
            scheduler.execution.uncontrolled = True
            NATIVES.sleep(_GLANCE)
            waited += _GLANCE

    def _describe_wait(self, actor):
        if actor.state is DETACHED:
            return "%s is blocked outside the scheduler" % actor.name
        if getattr(actor.waits_for, "host", None) is actor:
            return "%s is interrupted by %s%s" % (actor.name, actor.waits_for.name, _place_of(actor))
        holder = self._scheduler.lock_holder(actor.waits_for)
        label = getattr(actor.waits_for, "label", "a thread")
        held = " that %s holds" % holder.name if holder else ""
        return "%s waits for %s%s%s" % (actor.name, label, held, _place_of(actor))


def _place_of(actor):
    """Where in the instrumented code the thread stands, or nothing."""
    files = {site.file for site in SITES.sites}
    frame = NATIVES.current_frames().get(actor.ident)
    while frame is not None and frame.f_code.co_filename not in files:
        frame = frame.f_back
    if frame is None:
        return ""
    return " in %s, line %d" % (frame.f_code.co_name, frame.f_lineno)


def awake(actor):
    """Make a sleeping or timed-out actor runnable; virtual time moves to its deadline."""
    if actor.deadline is not None:
        CLOCK.advance_to(actor.deadline)
        actor.deadline = None
    if actor.state is BLOCKED:
        actor.timed_out = True
    actor.state = READY
