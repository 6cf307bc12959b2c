"""One execution from clean state to named outcome.

Enters: a strategy.  Leaves: the outcome's id; masks and module state are taken care of.
"""

import sysconfig

from .clock import CLOCK
from .garbage import collect
from .scheduler import SCHEDULER
from .sites import SITES
from .threading_patch import LocalUse, reset_thread_names

_ATTEMPTS = 4
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


class SetupFailed(Exception):
    """setup() of the driver raised; the cause is chained."""


class Runner:
    """Runs the driver again and again, each time from the same start."""

    def __init__(self, driver, book, modules, surroundings):
        self.driver = driver
        self.book = book
        self.mask = {}
        self.thorough = False  # look at all of the module state after each execution
        self.has_finalizers = False
        self._modules = modules
        self._process, self._randomness = surroundings

    def for_driver(self, driver):
        """A runner of another driver of the same subject."""
        other = Runner(driver, self.book, self._modules, (self._process, self._randomness))
        other.has_finalizers = self.has_finalizers
        return other

    def run(self, strategy, recorder=None, inspect=None):
        """One execution; returns (Execution, outcome id).

        `inspect(execution, observed, changes)` sees the live values before they are dropped.
        """
        if FREE_THREADED and self.has_finalizers:
            SCHEDULER.crew.settle()
        if self.driver.collects_garbage:
            collect()  # what the last execution left must not be this one's garbage
        SITES.end_emergency()
        self._modules.restore()
        self._process.restore()
        reset_thread_names()
        CLOCK.start()
        self._randomness.begin()
        try:
            return self._run(strategy, recorder, inspect)
        finally:
            CLOCK.stop()

    def _run(self, strategy, recorder, inspect):
        SITES.fall_silent()
        try:
            state = self.driver.prepare()
        except BaseException as error:
            raise SetupFailed from error
        finally:
            SITES.speak()
        execution = SCHEDULER.execute(self.driver.programs(state), strategy, recorder, LocalUse.seen)
        observed = self._observe(execution, state)
        if self.thorough:
            self._modules.find_new_changes()
        changes = self._modules.changes()
        identity = self.book.enter(execution, observed, changes, self.mask)
        if inspect is not None:
            inspect(execution, observed, changes)
        for actor in execution.actors:
            actor.let_go()
        return execution, identity

    def _observe(self, execution, state):
        if execution.ending != "finished":
            return None
        broken = self.driver.broken_invariant(state)
        if broken:
            execution.ending, execution.detail = "invariant", broken
        try:
            return self.driver.observe(state)
        except Exception as error:
            return "observe raised %s" % type(error).__qualname__

    def repeat_until_known(self, batch):
        """Run a batch of executions, then look at all of the module state once.

        When a place changed that nobody watched, the batch runs again.  Returns what the last batch returned.
        """
        for _ in range(_ATTEMPTS):
            found = batch()
            if not self._modules.find_new_changes():
                break
        return found

    def learn_changes(self, strategies):
        """Run each strategy once to find the places of the module state that executions change."""
        self.thorough = True
        try:
            for strategy in strategies:
                self.run(strategy)
        finally:
            self.thorough = False
