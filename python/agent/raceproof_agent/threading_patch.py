"""Puts the scheduler's locks, threads, sleep and clock where subjects look for them.

Enters: the pristine threading, _thread, time, queue, functools modules.  Leaves: patched ones.  Must run
before the subject is imported; outside executions everything behaves as it always did.
Thread's methods are replaced on the class itself, so Timer and every other subclass follow.
Misses: locks and threads captured by modules imported before; multiprocessing.
"""

import _thread
import contextvars
import functools
import itertools
import queue
import sys
import threading
import time
import types

from . import primitives
from .actor import DONE
from .clock import CLOCK
from .natives import NATIVES
from .scheduler import SCHEDULER


class LocalUse:
    """Whether the subject has made a threading.local."""

    seen = False


class _TrackedLocal(threading.local):
    """threading.local that says so; executions then use fresh threads."""

    def __new__(cls, *arguments, **keywords):
        LocalUse.seen = True
        return super().__new__(cls, *arguments, **keywords)


_TrackedLocal.__name__ = _TrackedLocal.__qualname__ = "local"
_TrackedLocal.__module__ = "_thread"

_ACTOR = "_raceproof_actor"
_real_start = threading.Thread.start
_real_join = threading.Thread.join
_real_is_alive = threading.Thread.is_alive


def _start(thread):
    """Thread.start: inside an execution the thread becomes an actor."""
    if SCHEDULER.mine() is None:
        _real_start(thread)
        return
    if not thread._initialized:
        raise RuntimeError("thread.__init__() not called")
    if thread._started.is_set():
        raise RuntimeError("threads can only be started once")
    SCHEDULER.unobserved(thread._started.set)
    if getattr(sys.flags, "thread_inherit_context", False) and getattr(thread, "_context", None) is None:
        thread._context = contextvars.copy_context()  # as Thread.start does from 3.14 on
    thread.__dict__[_ACTOR] = SCHEDULER.spawn(thread.name, _Body(thread), thread.daemon)


class _Body:
    """What the actor of a subject's thread does; see Thread._bootstrap_inner."""

    def __init__(self, thread):
        self._thread = thread

    def __call__(self):
        thread, self._thread = self._thread, None
        ident = NATIVES.get_ident()
        previous = threading._active.get(ident)
        thread._ident = ident
        threading._active[ident] = thread
        try:
            context = getattr(thread, "_context", None)
            if context is None:
                thread.run()
            else:
                context.run(thread.run)
        except SystemExit:
            pass
        finally:
            threading._active[ident] = previous


def _join(thread, timeout=None):
    """Thread.join."""
    actor = thread.__dict__.get(_ACTOR)
    if actor is None:
        _real_join(thread, timeout)
        return
    if actor is SCHEDULER.holder:
        raise RuntimeError("cannot join current thread")
    if SCHEDULER.mine() is not None:
        SCHEDULER.join(actor, timeout)


def _is_alive(thread):
    """Thread.is_alive."""
    actor = thread.__dict__.get(_ACTOR)
    return _real_is_alive(thread) if actor is None else actor.state is not DONE


class _Sleep:
    """time.sleep, virtual inside an execution."""

    def __init__(self):
        self._real = NATIVES.sleep

    def sleep(self, seconds):
        """See time.sleep."""
        if SCHEDULER.mine() is None:
            if CLOCK.running:  # setup(): nobody else runs
                CLOCK.advance_to(CLOCK.elapsed + seconds)
            else:
                self._real(seconds)
            return
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        SCHEDULER.sleep(seconds)


def reset_thread_names():
    """Thread-1, Thread-2, ... begin again, so that names do not differ between executions."""
    counter = itertools.count(1).__next__
    threading._counter = counter


def install():
    """Patch everything; call once, before the subject is imported."""
    CLOCK.install()
    _keep_import_locks()
    threading.Lock = threading._allocate_lock = _thread.allocate_lock = _thread.allocate = primitives.Lock
    threading.RLock = _thread.RLock = primitives.RLock
    _thread.LockType = _thread.lock = primitives.Lock
    threading._CRLock = primitives.RLock
    threading.local = _thread._local = _TrackedLocal
    threading.Thread.start = _start
    threading.Thread.join = _join
    threading.Thread.is_alive = _is_alive
    threading._time = queue.time = CLOCK.monotonic
    if hasattr(functools, "RLock"):
        functools.RLock = primitives.RLock
    if hasattr(queue, "_PySimpleQueue"):
        queue.SimpleQueue = queue._PySimpleQueue
    time.sleep = _Sleep().sleep


def _keep_import_locks():
    """The import system keeps real locks: it must work while the scheduler is busy."""
    bootstrap = getattr(__import__("importlib"), "_bootstrap", None)
    if getattr(bootstrap, "_thread", None) is _thread:
        bootstrap._thread = types.SimpleNamespace(**vars(_thread))
