"""Real threads for the actors: kept between executions, or fresh ones.

Enters: actors.  Leaves: threads that wait for their baton, play the actor, hand the baton on.
Fresh threads are for subjects that use threading.local, which kept threads would leak from one
execution into the next.  Workers keep no reference to the subject's objects between executions.
"""

import _thread
import contextvars
import threading

from .baton import Baton
from .natives import NATIVES

_start_joinable = getattr(_thread, "start_joinable_thread", None)
_set_sentinel = getattr(_thread, "_set_sentinel", None)


class _Worker:
    """One thread and its baton; not ready for its baton before start() returns."""

    def __init__(self, scheduler, baton=None):
        self.scheduler = scheduler
        self.baton = baton or Baton()
        self.actor = None
        self.retired = False
        self.join = None
        self._native_id = None
        self._thread = None
        self._ready = NATIVES.allocate_lock()
        self._may_end = NATIVES.allocate_lock()

    def start(self, once):
        """Start the thread, to play one actor or any number."""
        self._ready.acquire()
        self._may_end.acquire()
        if once:
            self.join = _start_joinable_thread(self._work_once)
        else:
            NATIVES.start_thread(self._work_forever, ())
        self._ready.acquire()

    def let_end(self):
        """Allow the thread of work_once to end, and wait until it and its thread-locals are gone."""
        self._may_end.release()
        self.join()

    def _work_forever(self):
        self._prepare()
        while True:
            self.baton.take()
            if self.retired:
                return
            following = self._play()
            if following is not None:
                following.give()

    def _work_once(self):
        self._prepare()
        self.baton.take()
        following = self._play()
        threading._active.pop(NATIVES.get_ident(), None)
        self._thread = None
        if following is not None:
            following.give()
        self._may_end.acquire()

    def _prepare(self):
        # otherwise threading.current_thread() would make a dummy with a new name at each first call;
        # the numbers of the subject's threads must not depend on ours
        counter, threading._counter = threading._counter, int
        self._thread = threading._DummyThread()
        threading._counter = counter
        self._native_id = NATIVES.native_id() if NATIVES.native_id else None
        self._ready.release()

    def _play(self):
        if self.actor is None:
            return self.scheduler.crew.settled
        actor, self.actor = self.actor, None
        actor.native_id = self._native_id
        self._thread._name = actor.name
        return contextvars.Context().run(self.scheduler.play, actor)


class Crew:
    """The workers of the scheduler."""

    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._kept = []
        self._used = 0
        self._fresh = False
        self._lent = []
        self._idle_batons = []
        self.settled = Baton()

    def settle(self):
        """Let every kept thread run for a moment: on free-threaded builds the objects it made die there."""
        for worker in self._kept:
            worker.baton.give()
            self.settled.take()

    def begin(self, fresh):
        """An execution starts; with `fresh` every actor gets a new thread."""
        self._used = 0
        self._fresh = fresh

    def assign(self, actor):
        """Give the actor a thread, which starts to run when the actor's baton is given."""
        worker = self._fresh_worker() if self._fresh else self._kept_worker()
        worker.actor = actor
        actor.baton = worker.baton

    def _kept_worker(self):
        if self._used == len(self._kept):
            self._kept.append(self._new_kept())
        self._used += 1
        return self._kept[self._used - 1]

    def _new_kept(self):
        worker = _Worker(self._scheduler)
        worker.start(once=False)
        return worker

    def _fresh_worker(self):
        worker = _Worker(self._scheduler, self._idle_batons.pop() if self._idle_batons else None)
        worker.start(once=True)
        self._lent.append(worker)
        return worker

    def end(self):
        """The execution is over."""
        for worker in self._lent:
            worker.let_end()
            self._idle_batons.append(worker.baton)
        self._lent.clear()

    def replace(self, actor):
        """The thread of this actor will not come back."""
        for position, worker in enumerate(self._kept):
            if worker.baton is actor.baton:
                worker.retired = True
                self._kept[position] = self._new_kept()
        self._lent = [worker for worker in self._lent if worker.baton is not actor.baton]

    def strangers(self):
        """How many running threads are nobody's workers: the subject started them outside executions."""
        return NATIVES.thread_count() - len(self._kept) - len(self._lent)

    def descriptors(self):
        """File descriptors of all batons."""
        batons = [self.settled] + [worker.baton for worker in self._kept + self._lent] + self._idle_batons
        return tuple(descriptor for baton in batons for descriptor in baton.descriptors())


def _start_joinable_thread(function):
    """Start a thread; returns a function that waits for its complete end, thread-locals included."""
    if _start_joinable is not None:
        return _start_joinable(function).join
    sentinels = []
    known = NATIVES.allocate_lock()
    known.acquire()

    def run():
        sentinels.append(_set_sentinel())
        sentinels[0].acquire()
        known.release()
        function()

    NATIVES.start_thread(run, ())
    known.acquire()
    return sentinels[0].acquire
