"""Threads that left the scheduler's control: blocked in C, looping, or never ours.

Enters: what the watchdog saw, and threads that reach a switch point out of turn.
Leaves: executions that go on without them, marked as uncontrolled.
"""

from .actor import DETACHED, DONE, READY, SLEEPING, Abort
from .baton import Baton
from .sites import SITES


class Rescue:
    """The exceptional paths of one scheduler."""

    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._gone = set()  # idents of threads given up for good

    def out_of_turn(self, ident):
        """A thread that is not the holder reached a switch point: park it if it is ours.

        Returns when it is its turn again, or at once for a thread nobody scheduled.
        """
        scheduler = self._scheduler
        if ident in self._gone:
            Baton().take()  # forever
        for actor in scheduler.actors:
            if actor.ident == ident and actor.state is DETACHED:
                actor.state = READY
                actor.baton.take()
                if scheduler.aborting:
                    raise Abort
                return
        scheduler.execution.uncontrolled = True

    def is_gone(self, ident):
        """Whether the calling thread was given up; it may end now, its ident may be used again."""
        if ident in self._gone:
            self._gone.discard(ident)
            return True
        return False

    def detach(self, actor):
        """The actor is blocked in C: let another one run.  Returns False when there is no other."""
        scheduler = self._scheduler
        others = [other for other in scheduler.actors if other is not actor and other.state in (READY, SLEEPING)]
        if not others:
            return False
        scheduler.execution.uncontrolled = True
        actor.state = DETACHED
        scheduler.resume(others[0])
        others[0].baton.give()
        return True

    def call_off(self, detail):
        """The running actor makes no progress: make every access a switch point, and unwind at the next."""
        self._scheduler.succession.end("hang", detail)
        SITES.activate_all()

    def abandon(self, actor):
        """The actor cannot be stopped: leave its thread behind and go on without it."""
        scheduler = self._scheduler
        scheduler.execution.uncontrolled = True
        self._leave_behind(actor)
        actor.state = DONE
        scheduler.pass_on(scheduler.succession.next_to_unwind()).give()

    def leave_detached_behind(self):
        """The execution is over; threads still blocked in C are not waited for."""
        for actor in self._scheduler.actors:
            if actor.state is DETACHED:
                self._leave_behind(actor)

    def _leave_behind(self, actor):
        self._gone.add(actor.ident)
        self._scheduler.unobserved(self._scheduler.crew.replace, actor)  # the new thread may get the ident of an ended one
