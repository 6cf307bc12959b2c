"""The agent's answers: one method per command of the protocol.

Enters: requests as dictionaries.  Leaves: replies as dictionaries, or a Refusal.
Decides nothing about schedules; see protocol/README.md for every field.
"""

import sys
import sysconfig

from . import __version__
from .access_values import AccessValues
from .batches import play_plan, play_schedules
from .call_chain import CallChain
from .conflicts import Profile
from .footprints import Footprints
from .garbage import Garbage
from .guided import Guided
from .natives import NATIVES
from .protocol import PROTOCOL, Refusal
from .recording import Recorder
from .runs import SetupFailed
from .runtime_model import RuntimeModel
from .schedules import named_steps, strategy_makers, thread_numbers
from .serial_orders import ORDER_LIMIT, orders_of, settle
from .sites import SITES, SPECIAL_KEYS
from .strategies import Segments, Serial
from .subject import Subject, refusal_of

PROFILE_ORDERS = 24
TRACE_LIMIT = 12_000


class Session:
    """State between requests: the subject, one driver, what is known of its outcomes."""

    def __init__(self, progress, hash_seed):
        self._hash_seed = hash_seed
        self._progress = progress
        self._subject = None
        self._runner = None
        self._known_orders = None
        self._warmed = False
        self._conflicts = []  # numbers of sites, from the last profile of the opened driver
        self._footprints = None  # of the opened driver, made when first asked for
        self._reference = None  # (order, outcome id) to find out whether executions leave something behind
        self._garbage = Garbage()

    def answer(self, request):
        """The reply's own fields.  Raises Refusal."""
        command = request.get("command")
        handler = getattr(self, "_" + command, None) if command in COMMANDS else None
        if handler is None:
            raise Refusal("usage", "unknown command %r" % (command,))
        if command not in ("hello", "open", "collect") and self._runner is None:
            raise Refusal("usage", "%s before open" % command)
        try:
            return handler(request)
        except SetupFailed as error:
            raise refusal_of("setup", error.__cause__, self._subject.spans) from None
        finally:
            self._progress.idle()

    def _hello(self, request):
        if request.get("protocol", PROTOCOL) != PROTOCOL:
            raise Refusal("usage", "this agent speaks protocol %d" % PROTOCOL)
        gil = getattr(sys, "_is_gil_enabled", None)
        return {
            "protocol": PROTOCOL,
            "agent": __version__,
            "runtime": {
                "implementation": sys.implementation.name,
                "version": "%d.%d.%d" % sys.version_info[:3],
                "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
                "gilEnabled": True if gil is None else gil(),
                "platform": sys.platform,
                "hashSeed": self._hash_seed,
            },
        }

    def _open(self, request):
        driver = request.get("driver")
        if not isinstance(driver, dict) or not isinstance(driver.get("source"), str):
            raise Refusal("usage", "open needs driver.source")
        if self._subject is None:
            self._subject = Subject(RuntimeModel(request.get("model")))
        self._subject.model.require_same(request.get("model"))
        self._runner = None
        started = NATIVES.perf_counter()
        name = str(driver.get("name", "driver"))
        runner = self._subject.open(request.get("paths", []), request.get("instrument", []), name, driver["source"])
        self._runner = runner
        self._warmed = False
        self._reference = self._footprints = None
        self._known_orders = None
        self._conflicts = []
        return {
            "driver": runner.driver.describe(),
            "sites": SITES.count(),
            "importSeconds": NATIVES.perf_counter() - started,
            "skipped": self._subject.instrumenter.skipped,
        }

    # -- serial orders

    @property
    def _orders(self):
        """Made when first needed: a driver of which only footprints are taken may have hundreds of threads."""
        if self._known_orders is None:
            self._known_orders = orders_of(self._runner.driver)
        return self._known_orders

    def _warm_up(self, rounds):
        self._runner.learn_changes(Serial(order) for _ in range(rounds) for order in self._orders)
        self._warmed = True
        self._garbage.settle()

    def _run(self, strategy, recorder=None):
        self._progress.next()
        return self._runner.run(strategy, recorder)

    def _serial(self, request):
        SITES.select("all")  # a thread that waits in a loop must be seen to
        warmups, repeats = request.get("warmups", 2), max(1, request.get("repeats", 2))
        self._warm_up(warmups)
        found = self._settle(repeats)
        if not found.stable and not warmups:
            self._warm_up(1)
            found = self._settle(repeats)
        book = self._subject.book
        self._reference = found.by_order[0] if found.stable else None
        identities = list(dict.fromkeys(identity for _, identity in found.by_order))
        self._demand_passing(identities)
        outcomes = [book.text(identity) for identity in identities]
        broken = [outcome for outcome in outcomes if outcome["ending"] == "invariant"]
        if broken:
            raise Refusal("driver", "a serial order breaks the invariant: %s" % broken[0]["detail"])
        return {
            "orders": [{"order": order, "outcome": identity} for order, identity in found.by_order],
            "outcomes": outcomes,
            "masked": found.masked,
            "stable": found.stable,
            "complete": len(self._orders) < ORDER_LIMIT,
        }

    def _settle(self, repeats):
        return self._runner.repeat_until_known(lambda: settle(self._runner, self._orders, repeats))

    def _profile(self, request):
        self._ensure_warm()
        SITES.select("all")
        profile, failures = self._runner.repeat_until_known(lambda: self._profile_once(request.get("interleavings", 0)))
        SITES.select(())
        self._conflicts = profile.conflicts()
        reply = {"sites": profile.describe_sites(), "steps": profile.steps(), "lengths": profile.lengths()}
        if failures and all(failures):
            reply["failing"] = failures[0]
        return reply

    def _profile_once(self, interleavings):
        profile = Profile()
        failures = []
        self._progress.idle()
        for order in self._orders[:PROFILE_ORDERS]:
            execution, identity, recorder = self._record(Serial(order), profile)
            profile.count_steps(execution, recorder)
            self._demand_passing([identity])
            failures.append(self._subject.book.only_failures(identity))
        for schedule in profile.spread(interleavings):
            self._record(Segments(schedule), profile)
        return profile, failures

    def _demand_passing(self, identities):
        """Tests that fail without threads prove nothing when they fail with them."""
        if self._runner.driver.must_pass:
            failures = [self._subject.book.first_failure(identity) for identity in identities]
            for failure in filter(None, failures):
                raise Refusal("driver", "an operation that must pass fails in a serial order: %s" % failure)

    def _footprint(self, request):
        threads = request.get("threads", [])
        known = range(len(self._runner.driver.threads))
        if not isinstance(threads, list) or any(thread not in known for thread in threads):
            raise Refusal("usage", "threads is a list of thread numbers of the driver")
        SITES.select("all")
        if self._footprints is None:
            self._footprints = Footprints(self._runner, self._subject.owns, self._subject.prefixes)
        found = self._runner.repeat_until_known(lambda: self._footprints_once(threads))
        SITES.select(())
        return {"footprints": found}

    def _footprints_once(self, threads):
        found = []
        self._progress.idle()
        for thread in threads:
            self._progress.next()
            found.append(self._footprints.take(thread))
            self._garbage.after_execution()
        return found

    def _record(self, strategy, profile):
        recorder = Recorder()
        execution, identity = self._run(strategy, recorder)
        profile.add(recorder)
        return execution, identity, recorder

    def _ensure_warm(self):
        if not self._warmed:
            SITES.select("all")
            self._warm_up(1)

    # -- schedules

    def _explore(self, request):
        schedules = strategy_makers(request.get("schedules", []))
        accepted = frozenset(request.get("accept", []))
        self._ensure_warm()
        self._select(request.get("sites", []))
        self._subject.book.trim()
        reply = self._runner.repeat_until_known(lambda: play_schedules(self._run_at, schedules, accepted, request))
        if request.get("leaks", False):
            reply["leaked"] = self._has_leaked()
        reply["new"] = self._subject.book.unsent(reply["outcomes"])
        return reply

    def _name(self, request):
        self._ensure_warm()
        self._select(request.get("sites", []))
        make = strategy_makers([request.get("schedule")])[0]
        recorder, identity = self._runner.repeat_until_known(lambda: self._name_once(make(), request))
        return {
            "plan": recorder.plan(),
            "outcome": self._subject.book.text(identity),
            "trace": recorder.trace(TRACE_LIMIT),
            "traceCut": len(recorder.accesses) > TRACE_LIMIT,
        }

    def _name_once(self, strategy, request):
        values = AccessValues(self._subject.owns) if request.get("values") else None
        chain = CallChain({site.file for site in SITES.sites}) if request.get("callers") else None
        recorder = Recorder(values, chain)
        return recorder, self._run(strategy, recorder)[1]

    def _trace(self, request):
        self._ensure_warm()
        self._select(request.get("sites", []))
        prefix, sleeping = thread_numbers(request, "prefix"), thread_numbers(request, "sleeping")
        if self._subject.model.joins_accesses:
            sleeping = ()
        strategy, execution, identity = self._runner.repeat_until_known(lambda: self._trace_once(Guided(prefix, sleeping)))
        events, waiting = strategy.describe()
        strategy.let_go()
        self._garbage.after_execution()
        return {
            "events": events,
            "waiting": waiting,
            "outcome": identity,
            "new": self._subject.book.unsent([identity]),
            "followed": not strategy.diverged,
            "redundant": strategy.redundant,
            "unmodeled": "a thread was blocked outside the scheduler" if execution.uncontrolled else strategy.unmodeled,
        }

    def _trace_once(self, strategy):
        return (strategy,) + self._run(strategy)

    def _replay(self, request):
        self._ensure_warm()
        steps, missing = named_steps(request.get("plan"))
        reply = {"outcomes": {}, "reached": 0, "prevented": 0, "uncontrolled": 0}
        if not missing:
            named = [number for _, number, _ in steps if number is not None and number >= len(SPECIAL_KEYS)]
            # whether a thread can be stopped may depend on what it accessed before
            SITES.select(named + self._conflicts if self._subject.model.joins_accesses else named)
            reply = self._runner.repeat_until_known(lambda: play_plan(self._run_at, steps, request.get("times", 1)))
        reply["new"] = self._subject.book.unsent(reply["outcomes"])
        reply["missingSites"] = missing
        if request.get("leaks", False):
            reply["leaked"] = self._has_leaked()
        return reply

    def _run_at(self, index, strategy):
        self._progress.show(index)
        found = self._runner.run(strategy)
        self._garbage.after_execution()
        return found

    def _has_leaked(self):
        """Whether a serial order no longer gives what it gave: state survives that nobody puts back."""
        if self._reference is None:
            return False
        SITES.select("all")
        self._progress.idle()
        order, expected = self._reference
        return self._runner.run(Serial(order))[1] != expected

    def _select(self, keys):
        if keys == "all":
            SITES.select("all")
            return
        numbers = [SITES.number(key) for key in keys]
        SITES.select([number for number in numbers if number is not None])

    def _sources(self, request):
        modules, known = request.get("modules", []), self._subject.instrumenter.digests
        if not isinstance(modules, list):
            raise Refusal("usage", "modules is a list of names")
        return {"sources": {name: known[name] for name in modules if name in known}}

    # -- housekeeping

    def _collect(self, request):
        return {"collected": self._garbage.collect()}


COMMANDS = frozenset(("hello", "open", "serial", "profile", "footprint", "explore", "trace", "name", "replay", "sources", "collect"))
