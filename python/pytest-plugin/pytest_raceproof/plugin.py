"""The pytest side: the fixtures `raceproof` and `raceproof_parallel`, and what stands below a run: stale guards, and those that pass by chance.

Enters: what a generated test passes.  Leaves: passed, failed, or xfailed with a line in the summary when a guard is stale.
A stale guard is no failure by default, because code that is fixed cannot give a new witness; it never passes silently.
Parallel guards carry the mark `raceproof_probabilistic`, and passing ones are listed with the rate at which they catch their race.
"""

import pytest

from .guard import Witness, check
from .parallel import Workload, look

STALE = "raceproof: stale guard: "
PROBABILISTIC = "raceproof_probabilistic"


def pytest_addoption(parser):
    """`--raceproof-stale=fail` makes stale guards fail."""
    choices = ("xfail", "fail")
    help_text = "what a raceproof guard does whose plan can no longer be followed"
    parser.addini("raceproof_stale", help_text, default="xfail")
    parser.getgroup("raceproof").addoption("--raceproof-stale", choices=choices, default=None, help=help_text)


@pytest.fixture
def raceproof(request):
    """Checks witnesses: raceproof.guard(driver=..., instrument=..., plan=..., failure=...)."""
    config = request.config
    return Guardian(request.node.name, config.getoption("--raceproof-stale") or config.getini("raceproof_stale"))


def pytest_configure(config):
    """`-m "not raceproof_probabilistic"` leaves parallel guards out."""
    config.addinivalue_line("markers", "%s: real threads, nothing controlled; it may pass although the race is there" % PROBABILISTIC)


def pytest_itemcollected(item):
    """The mark comes with the fixture, so that generated files need not import pytest."""
    if "raceproof_parallel" in getattr(item, "fixturenames", ()):
        item.add_marker(PROBABILISTIC)


@pytest.fixture
def raceproof_parallel(request):
    """Runs a workload with real threads: raceproof_parallel(driver=..., failure=..., caught=(failing, runs), processes=..., seconds=..., without_gil=...)."""

    def run(driver, failure, caught, **limits):
        __tracebackhide__ = True
        rate = "it caught its race in %d of %d runs when it was written" % caught
        sighting = look(Workload(request.node.name, driver, **limits))
        if sighting.kind == "not-seen":
            request.node.user_properties.append((PROBABILISTIC, rate))
        elif sighting.kind == "unsuited":
            pytest.skip(sighting.reason)
        else:
            seen = "the race is there: " if sighting.kind == "fails" else "neither pass nor fail: "
            pytest.fail("%s%s\nrecorded as: %s" % (seen, sighting.reason, failure), pytrace=False)

    return run


class Guardian:
    """What a test sees."""

    def __init__(self, name, when_stale):
        self._name = name
        self._when_stale = when_stale

    def guard(self, driver, instrument, plan, failure):
        """Fails when the race is back, and when that cannot be decided."""
        __tracebackhide__ = True
        verdict = check(Witness(self._name, driver, instrument, plan, failure))
        if verdict.kind == "holds":
            return
        if verdict.kind == "stale" and self._when_stale != "fail":
            pytest.xfail("%s%s; %d other schedules gave nothing wrong" % (STALE, verdict.reason, verdict.schedules))
        pytest.fail(_explain(verdict, failure), pytrace=False)


def _explain(verdict, failure):
    if verdict.kind == "fails":
        return "the race is there: %s\nrecorded as: %s" % (verdict.reason, failure)
    if verdict.kind == "stale":
        return STALE + verdict.reason
    return "neither pass nor fail: %s" % verdict.reason


def pytest_terminal_summary(terminalreporter):
    """One line per stale guard, also without -rx; one per parallel guard that passed."""
    _list_stale(terminalreporter)
    _list_probabilistic(terminalreporter)


def _list_probabilistic(terminalreporter):
    passed = [(report, dict(report.user_properties).get(PROBABILISTIC)) for report in terminalreporter.stats.get("passed", [])]
    lines = ["%s: %s" % (report.nodeid, rate) for report, rate in passed if rate]
    if lines:
        terminalreporter.section("raceproof: guards that pass by chance at times")
        for line in lines:
            terminalreporter.line(line)


def _list_stale(terminalreporter):
    reports = terminalreporter.stats.get("xfailed", [])
    stale = [report for report in reports if STALE in getattr(report, "wasxfail", "")]
    if not stale:
        return
    terminalreporter.section("raceproof: stale guards")
    for report in stale:
        terminalreporter.line("%s: %s" % (report.nodeid, report.wasxfail.partition(STALE)[2]))
    terminalreporter.line("Record the witness again on the unfixed revision, or delete the guard.")
