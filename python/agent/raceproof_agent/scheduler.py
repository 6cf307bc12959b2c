"""Runs logical threads so that exactly one of them moves at a time.

Enters: programs (lists of operations) and a strategy.  Leaves: an Execution.
The hot path is reach(): one compare per active access.  Threads change only in reach(), in blocking
primitives and at the end of a thread, by handing a baton over; nobody else touches the state in between.
Does not see: threads blocked in C (the watchdog detaches them), the insides of C extensions.
"""

from .actor import BLOCKED, DONE, RAISED, READY, RETURNED, SLEEPING, Abort, Actor
from .baton import Baton
from .clock import CLOCK
from .natives import NATIVES
from .rescue import Rescue
from .sites import JOIN, OPERATION, SLEEP, SPAWN
from .succession import Succession, awake
from .watchdog import Watchdog
from .workers import Crew

ROUNDS = 4  # times a thread may use up the strategy's patience before the execution counts as endless


class Execution:
    """What one execution gave; `programs` is how many of the actors belong to the driver."""

    __slots__ = ("actors", "detail", "ending", "programs", "uncontrolled")

    def __init__(self, actors):
        self.actors = actors
        self.programs = len(actors)
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
        self.execution = None
        self.forked = False
        self.crew = Crew(self)
        self.succession = Succession(self)
        self.rescue = Rescue(self)
        self._recorder = None
        self._get_ident = NATIVES.get_ident
        self._finished = Baton()
        self._watchdog = Watchdog(self)
        self._taken_locks = {}

    # -- one execution, called by the main thread

    def execute(self, programs, strategy, recorder=None, fresh_threads=False):
        """Run the programs [(name, [callable, ...]), ...] to the end; returns the Execution."""
        actors = [Actor(index, name, operations) for index, (name, operations) in enumerate(programs)]
        self.actors = actors
        self.execution = execution = Execution(actors)
        self.strategy = strategy
        self._recorder = recorder
        self.aborting = False
        self.crew.begin(fresh_threads)
        for actor in actors:
            self.crew.assign(actor)
        first = strategy.begin(actors)
        if recorder is not None:
            recorder.started(first)
        self.resume(first)
        first.baton.give()
        if not self._finished.take_within(Watchdog.interval):
            self._watchdog.watch(self._finished)
        self.holder = None
        self.rescue.leave_detached_behind()
        self.crew.end()
        self._release_abandoned_locks()
        self._recorder = None
        return execution

    def _release_abandoned_locks(self):
        if self._taken_locks:
            for lock, _ in list(self._taken_locks.values()):
                lock.abandon()
            self._taken_locks.clear()

    # -- switch points, called by the running thread

    def reach(self, site, target, name):
        """The calling thread is about to make the access `name` of `target` at this site."""
        actor = self.holder
        if actor is None:
            return
        if actor.ident != self._get_ident():
            self.rescue.out_of_turn(self._get_ident())
            return
        passed = actor.passed = actor.passed + 1
        if passed >= actor.stop:
            self._arrive(actor, site, target, name)

    def _arrive(self, actor, site, target, name):
        if self.aborting:
            raise Abort
        recorder = self._recorder
        if recorder is not None:
            recorder.arrived(actor, site)
        if self.strategy.sees_accesses:
            self.strategy.announce(actor, site, target, name)
        successor = self.strategy.arrive(actor, site)
        if successor is actor and actor.passed - actor.resumed_at >= self.strategy.patience:
            successor = self._relieve(actor)
        if successor is actor:
            self._arm(actor)
        else:
            if successor.interrupts:
                self.succession.interrupt(actor, successor)
            self._hand_over(actor, site, successor)
        if recorder is not None:
            recorder.performed(actor, site, target, name)

    def pass_by(self, site, target, name):
        """The calling thread makes an access before which the model of a runtime cannot stop it: no switch point, but seen."""
        if self.aborting:
            raise Abort
        actor, recorder = self.holder, self._recorder
        if recorder is not None:
            recorder.arrived(actor, site)
        self.strategy.passed_by(actor, site)
        if self.strategy.sees_accesses:
            self.strategy.join(actor, site, target, name)
        if recorder is not None:
            recorder.performed(actor, site, target, name)

    def _relieve(self, actor):
        """The actor has run for very long: it may be waiting for somebody else in a loop."""
        if actor.passed >= ROUNDS * self.strategy.patience:
            self.succession.end("hang", "%s passed %d switch points" % (actor.name, actor.passed))
            raise Abort
        actor.resumed_at = actor.passed
        relief = self.succession.relief(actor)
        self.strategy.imposed(relief)
        return relief

    def _arm(self, actor):
        if self.aborting or self._recorder is not None:
            actor.stop = 0
        else:
            actor.stop = min(actor.wanted, actor.resumed_at + self.strategy.patience)

    def resume(self, actor):
        """The actor is the one to run; its baton must be given next."""
        if actor.state is not READY:
            awake(actor)
        actor.resumed_at = actor.passed
        self._arm(actor)
        self.holder = actor

    def _hand_over(self, actor, site, successor):
        if self._recorder is not None:
            self._recorder.switched(actor, site, successor)
        self.resume(successor)
        successor.baton.give()
        actor.baton.take()
        if self.aborting:
            raise Abort

    # -- who is calling

    def mine(self):
        """The actor of the calling thread, or None when it is not scheduled (now)."""
        actor = self.holder
        if actor is None:
            return None
        ident = self._get_ident()
        if actor.ident != ident:
            self.rescue.out_of_turn(ident)
            actor = self.holder
            if actor is None or actor.ident != ident:
                return None
        return actor

    def identity(self):
        """The thread that owns what the calling thread takes: that of the host, for a collection."""
        actor, ident = self.holder, self._get_ident()
        return actor.host.ident if actor is not None and actor.host is not None and actor.ident == ident else ident

    def unobserved(self, function, *arguments):
        """Call something of the agent's own that must pass no switch points."""
        holder, self.holder = self.holder, None
        function(*arguments)
        self.holder = holder

    def hold(self, site, target, name):
        """Remember the object of an access until its key or value has been evaluated."""
        actor = self.holder
        if actor is not None and actor.ident == self._get_ident():
            actor.held.append((site, target, name))

    def release_hold(self, site):
        """What hold() remembered last for the site: (site, object, name), or None."""
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
        actor.waits_for = None
        return not actor.timed_out

    def sleep(self, seconds):
        """A sleeping thread may come back whenever a schedule names it, else when nobody else can run."""
        actor = self.holder
        self.reach(SLEEP, None, None)
        if self.strategy.is_serial:
            CLOCK.advance_to(CLOCK.elapsed + seconds)
            return
        actor.state = SLEEPING
        actor.deadline = CLOCK.elapsed + seconds
        self._leave(actor)

    def spawn(self, name, body, daemon):
        """Start a thread of the subject as an actor; returns the actor."""
        self.reach(SPAWN, None, None)
        actor = Actor(len(self.actors), name, body=body, daemon=daemon)
        self.unobserved(self.crew.assign, actor)
        self.strategy.adopt(actor)
        self.actors.append(actor)
        self.strategy.woken(actor, self.holder)
        return actor

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
                actor.deadline = None
                awake(actor)
                actor.timed_out = False
                self.strategy.woken(actor, self.holder)

    def _leave(self, actor):
        successor = self.succession.successor()
        if successor is actor:  # its own timer fired
            if self._recorder is not None:
                self._recorder.switched(actor, None, actor)
            self.resume(actor)
            if self.aborting:
                raise Abort
            return
        self._hand_over(actor, None, successor)

    # -- locks

    def taken(self, lock, actor):
        """A cooperative lock was acquired during this execution."""
        self._taken_locks[id(lock)] = (lock, actor)

    def given_back(self, lock):
        """A cooperative lock was released."""
        self._taken_locks.pop(id(lock), None)

    def lock_holder(self, lock):
        """The actor that acquired the lock in this execution, or None."""
        return self._taken_locks.get(id(lock), (None, None))[1]

    # -- bodies of threads, called by the workers

    def play(self, actor):
        """Run one actor on the calling thread; returns the baton to give as the very last act, or None."""
        actor.ident = self._get_ident()
        try:
            if actor.body is not None and not self.aborting:
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
            if self.strategy.is_serial:
                actor.stop = 0  # every start of an operation is a decision
            self.reach(OPERATION, None, None)
            try:
                result = (RETURNED, operation())
            except Abort:
                raise
            except BaseException as error:
                result = (RAISED, error)
            if self.aborting:  # whatever this is, it was made while unwinding
                return
            actor.results.append(result)

    def _finish(self, actor):
        if self.forked:
            NATIVES.exit_now(0)
        if self.rescue.is_gone(actor.ident):
            return None
        was_running = self.holder is actor
        actor.state = DONE
        actor.held.clear()
        if not was_running:  # detached; the others go on by themselves
            return None
        self.wake(actor)
        successor = self.succession.next_to_unwind() if self.aborting else self.succession.successor()
        if successor is not None and self._recorder is not None:
            self._recorder.switched(actor, None, successor)
        return self.pass_on(successor)

    def pass_on(self, successor):
        """The baton to give when a thread has ended: the successor's, or that of the main thread."""
        if successor is None:
            self.holder = None
            return self._finished
        self.resume(successor)
        return successor.baton

    def pipe_descriptors(self):
        """Descriptors a forked child must close."""
        return self._finished.descriptors() + self.crew.descriptors()


SCHEDULER = Scheduler()
