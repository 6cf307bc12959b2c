"""The pytest side: the fixture `raceproof` and a summary of stale guards.

Enters: what a generated test passes.  Leaves: passed, failed, or xfailed with a line in the summary when a guard is stale.
A stale guard is no failure by default, because code that is fixed cannot give a new witness; it never passes silently.
"""

import pytest

from .guard import Witness, check

STALE = "raceproof: stale guard: "


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
    """One line per stale guard, also without -rx."""
    reports = terminalreporter.stats.get("xfailed", [])
    stale = [report for report in reports if STALE in getattr(report, "wasxfail", "")]
    if not stale:
        return
    terminalreporter.section("raceproof: stale guards")
    for report in stale:
        terminalreporter.line("%s: %s" % (report.nodeid, report.wasxfail.partition(STALE)[2]))
    terminalreporter.line("Record the witness again on the unfixed revision, or delete the guard.")
