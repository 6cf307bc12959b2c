"""Runs logical threads so that exactly one of them moves at a time.

Enters: programs (lists of operations) and a strategy with first(), arrive() and follow().
Leaves: an Execution: results, how it ended, how many switch points each thread passed.
The hot path is reach(): one compare per active access.  Threads change only in reach(), in blocking
primitives and at the end of a thread, by handing a baton over; nobody else touches the state in between.
Does not see: threads blocked in C (the watchdog detaches them), the insides of C extensions.
"""

from .actor import BLOCKED, DETACHED, DONE, NEVER, RAISED, READY, RETURNED, SLEEPING, Abort, Actor
from .baton import Baton
from .clock import CLOCK
from .natives import NATIVES
from .sites import JOIN, OPERATION, SITES, SLEEP, SPAWN
from .watchdog import Watchdog
from .workers import Crew

STEP_LIMIT = 50_000
DETACHED_PATIENCE = 1.0


class Execution:
    """What one execution gave.  `actors` are valid until the next execution starts."""

    __slots__ = ("actors", "detail", "ending", "programs", "uncontrolled")

    def __init__(self, actors, programs):
        self.actors = actors
        self.programs = programs
        self.ending = "finished"
        self.detail = ""
        self.uncontrolled = False


class Scheduler:
    """The one scheduler of the process; see the module's header."""

    def __init__(self):
        self.holder = None  # the actor that may run now
        self.actors = []
        self.aborting = False
        self.strategy = None
        self.recorder = None
        self.execution = None
        self.forked = False
        self._get_ident = NATIVES.get_ident
        self._programs = 0
        self._finished = Baton()
        self._crew = Crew(self)
        self._taken_locks = {}
        self._gone = set()  # idents of threads given up for good

    # -- one execution, called by the main thread

    def execute(self, programs, strategy, recorder=None, fresh_threads=False):
        """Run the programs [(name, [callable, ...]), ...] to the end; returns the Execution."""
        actors = [Actor(index, name, operations) for index, (name, operations) in enumerate(programs)]
        self.actors = actors
        self._programs = len(actors)
        self.execution = execution = Execution(actors, len(actors))
        self.strategy = strategy
        self.recorder = recorder
        self.aborting = False
        self._crew.begin(fresh_threads)
        for actor in actors:
            self._crew.assign(actor)
        strategy.start(self)
        first = strategy.first()
        if recorder is not None:
            recorder.started(first)
            self._stop_everywhere()
        self.holder = first
        first.baton.give()
        watchdog = Watchdog(self)
        while not self._finished.take_within(watchdog.interval):
            watchdog.look()
        self.holder = None
        for actor in self.actors:
            if actor.state is DETACHED:
                self._gone.add(actor.ident)
                self._crew.replace(actor)
        self._crew.end()
        self._release_abandoned_locks()
        self.recorder = None
        return execution

    def _stop_everywhere(self):
        for actor in self.actors:
            actor.stop = 0

    def _release_abandoned_locks(self):
        if self._taken_locks:
            for lock in list(self._taken_locks.values()):
                lock.abandon()
            self._taken_locks.clear()

    # -- switch points, called by the running thread

    def reach(self, site, target, name):
        """The calling thread is about to make the access `name` of `target` at this site."""
        actor = self.holder
        if actor is None:
            return
        if actor.ident != self._get_ident():
            self._return_from_detachment()
            return
        passed = actor.passed = actor.passed + 1
        if passed >= actor.stop:
            self._arrive(actor, site, target, name)

    def _arrive(self, actor, site, target, name):
        if self.aborting:
            raise Abort
        if actor.passed >= STEP_LIMIT:
            self._give_up("hang", "%s passed %d switch points" % (actor.name, actor.passed))
            raise Abort
        if self.recorder is not None:
            self.recorder.arrived(actor, site)
        successor = self.strategy.arrive(actor, site)
        if successor is not actor:
            self._note_switch(actor, site, successor)
            self._hand_over(actor, successor)
        if self.recorder is not None:
            self.recorder.performed(actor, site, target, name)
            actor.stop = 0

    def _note_switch(self, actor, site, successor):
        if self.recorder is not None:
            self.recorder.switched(actor, site, successor)
            successor.stop = 0

    def _hand_over(self, actor, successor):
        if successor.state is SLEEPING:
            self._awake(successor)
        self.holder = successor
        successor.baton.give()
        actor.baton.take()
        if self.aborting:
            raise Abort

    def _return_from_detachment(self):
        """A thread that is not the holder reached a switch point: park it if it is one of ours."""
        ident = self._get_ident()
        if ident in self._gone:
            Baton().take()  # forever
        for actor in self.actors:
            if actor.ident == ident and actor.state is DETACHED:
                actor.state = READY
                actor.baton.take()
                if self.aborting:
                    raise Abort
                return
        self.execution.uncontrolled = True

    def mine(self):
        """The actor of the calling thread, or None when it is not scheduled (now)."""
        actor = self.holder
        if actor is None:
            return None
        if actor.ident != self._get_ident():
            self._return_from_detachment()
            actor = self.holder
            if actor is None or actor.ident != self._get_ident():
                return None
        return actor

    def hold(self, site, target, name):
        """Remember the object of an access until its key or value has been evaluated."""
        actor = self.holder
        if actor is not None and actor.ident == self._get_ident():
            actor.held.append((site, target, name))

    def release_hold(self, site):
        """What hold() remembered for the site: (site, object, name), or None."""
        actor = self.holder
        if actor is None or actor.ident != self._get_ident():
            return None
        held = actor.held
        for position in range(len(held) - 1, -1, -1):
            if held[position][0] == site:
                return held.pop(position)
        return None

    # -- blocking, called by the running thread

    def block(self, awaited, timeout=None):
        """Wait until wake(awaited); returns False when the virtual timeout (seconds) came first."""
        actor = self.holder
        actor.state = BLOCKED
        actor.waits_for = awaited
        actor.timed_out = False
        actor.deadline = None if timeout is None else CLOCK.elapsed + timeout
        self._leave(actor)
        actor.waits_for = actor.deadline = None
        return not actor.timed_out

    def sleep(self, seconds):
        """A sleeping thread may come back whenever a schedule names it, else when nobody else can run."""
        actor = self.holder
        self.reach(SLEEP, None, None)
        if self.strategy.sleeps_in_place:
            CLOCK.advance_to(CLOCK.elapsed + max(0.0, seconds))
            return
        actor.state = SLEEPING
        actor.deadline = CLOCK.elapsed + max(0.0, seconds)
        self._leave(actor)
        actor.deadline = None

    def spawn(self, name, body, daemon):
        """Start a thread of the subject as an actor; returns the actor."""
        self.reach(SPAWN, None, None)
        actor = Actor(len(self.actors), name, body=body, daemon=daemon)
        self.actors.append(actor)
        self.strategy.adopt(actor)
        if self.recorder is not None:
            actor.stop = 0
        self.unobserved(self._crew.assign, actor)
        return actor

    def unobserved(self, function, *arguments):
        """Call something of the agent's own that must pass no switch points."""
        holder, self.holder = self.holder, None
        function(*arguments)
        self.holder = holder

    def join(self, actor, timeout=None):
        """Wait for a thread of the subject to end."""
        self.reach(JOIN, None, None)
        while actor.state is not DONE:
            if not self.block(actor, timeout):
                return

    def wake(self, awaited):
        """Make every thread that waits for the object runnable."""
        for actor in self.actors:
            if actor.state is BLOCKED and actor.waits_for is awaited:
                actor.state = READY
                actor.deadline = None

    def taken(self, lock):
        """A cooperative lock was acquired during this execution."""
        self._taken_locks[id(lock)] = lock

    def given_back(self, lock):
        """A cooperative lock was released."""
        self._taken_locks.pop(id(lock), None)

    def _leave(self, actor):
        successor = self._successor(actor)
        if successor is None:  # everybody else is done
            successor = actor
        if successor is actor:
            self._awake(actor)
            if self.aborting:
                raise Abort
            return
        self._note_switch(actor, None, successor)
        self._hand_over(actor, successor)

    def _awake(self, actor):
        if actor.deadline is not None:
            CLOCK.advance_to(actor.deadline)
        if actor.state is BLOCKED:
            actor.timed_out = True
        actor.state = READY

    # -- who is next when a thread cannot go on

    def _successor(self, actor):
        if self._only_daemons_left():
            return self._give_up("finished", "")
        successor = self.strategy.follow(actor)
        if successor is not None:
            return successor
        timed = [other for other in self.actors if other.deadline is not None and other.state in (BLOCKED, SLEEPING)]
        if timed:
            first = min(timed, key=lambda other: (other.deadline, other.index))
            self._awake(first)
            return first
        returned = self._wait_for_detached()
        if returned is not None:
            return returned
        waiting = [other for other in self.actors if other.state in (BLOCKED, DETACHED)]
        if not waiting:
            return None
        if all(other.index >= self._programs for other in waiting):
            return self._give_up("finished", "")
        return self._give_up("deadlock", "; ".join(_describe_wait(other) for other in waiting))

    def _only_daemons_left(self):
        if len(self.actors) == self._programs:
            return False
        return all(actor.state is DONE or (actor.daemon and actor.index >= self._programs) for actor in self.actors)

    def _wait_for_detached(self):
        waited = 0.0
        while waited < DETACHED_PATIENCE and any(actor.state is DETACHED for actor in self.actors):
            ready = [actor for actor in self.actors if actor.state is READY]
            if ready:
                return ready[0]
            NATIVES.sleep(0.002)
            waited += 0.002
        ready = [actor for actor in self.actors if actor.state is READY]
        return ready[0] if ready else None

    def _give_up(self, ending, detail):
        """End the execution now: every thread still alive unwinds.  Returns one of them, or None."""
        self.aborting = True
        self._stop_everywhere()
        if self.execution.ending == "finished":
            self.execution.ending = ending
            self.execution.detail = detail
        return self._next_to_unwind(None)

    def _next_to_unwind(self, ended):
        for actor in self.actors:
            if actor is not ended and actor.state in (READY, BLOCKED, SLEEPING):
                actor.state = READY
                return actor
        return None

    # -- bodies of threads, called by the workers

    def play(self, actor):
        """Run one actor on the calling thread; returns the baton to give as the very last act."""
        actor.ident = self._get_ident()
        try:
            if not self.aborting:
                if actor.body is not None:
                    actor.body()
                else:
                    self._perform_operations(actor)
        except Abort:
            pass
        except BaseException as error:
            if not self.aborting:
                actor.results.append((RAISED, error))
        return self._finish(actor)

    def _perform_operations(self, actor):
        for operation in actor.operations:
            self.reach(OPERATION, None, None)
            try:
                actor.results.append((RETURNED, operation()))
            except Abort:
                raise
            except BaseException as error:
                if self.aborting:
                    raise Abort from None
                actor.results.append((RAISED, error))

    def _finish(self, actor):
        if self.forked:
            NATIVES.exit_now(0)
        if actor.ident in self._gone:
            self._gone.discard(actor.ident)
            return None
        detached = actor.state is DETACHED
        actor.state = DONE
        actor.held.clear()
        if detached:
            return None
        self.wake(actor)
        successor = self._next_to_unwind(actor) if self.aborting else self._successor(actor)
        if successor is None or successor is actor:
            self.holder = None
            return self._finished
        self._note_switch(actor, None, successor)
        if successor.state is SLEEPING:
            self._awake(successor)
        self.holder = successor
        return successor.baton

    # -- the watchdog's tools, called by the main thread

    def detach(self, actor):
        """The actor is blocked in C: let another one run.  Returns False when there is no other."""
        others = [other for other in self.actors if other is not actor and other.state in (READY, SLEEPING)]
        if not others:
            return False
        self.execution.uncontrolled = True
        actor.state = DETACHED
        if others[0].state is SLEEPING:
            self._awake(others[0])
        self.holder = others[0]
        others[0].baton.give()
        return True

    def call_off(self, actor, detail):
        """The actor loops without reaching a switch point: make every access one, and unwind."""
        self._give_up("hang", detail)
        SITES.activate_all()

    def abandon(self, actor):
        """The actor cannot be stopped: leave its thread behind and go on without it."""
        self.execution.uncontrolled = True
        self._gone.add(actor.ident)
        self._crew.replace(actor)
        actor.state = DONE
        successor = self._next_to_unwind(actor)
        self.holder = successor
        (self._finished if successor is None else successor.baton).give()

    def pipe_descriptors(self):
        """Descriptors a forked child must close."""
        return self._finished.descriptors() + self._crew.descriptors()


def _describe_wait(actor):
    if actor.state is DETACHED:
        return "%s is blocked outside the scheduler" % actor.name
    return "%s waits for %s" % (actor.name, getattr(actor.waits_for, "label", "a thread"))


SCHEDULER = Scheduler()
