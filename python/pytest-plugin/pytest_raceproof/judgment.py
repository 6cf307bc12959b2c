"""Judges outcomes against those of every serial order of whole operations.

Enters: outcomes of the protocol.  Leaves: None for a serial one, else a Failure or an Undecided with its reason.
The same oracle as the explorer's: exceptions by type and place, then results, then state, then deadlock.
"""

from raceproof_agent.relaxed_outcomes import relaxed_by


class Failure:
    """An outcome that no serial order gives."""

    def __init__(self, summary, outcome):
        self.summary = summary
        self.outcome = outcome


class Undecided:
    """Neither pass nor fail."""

    def __init__(self, reason):
        self.reason = reason


def judge(outcome, serial, declared=()):
    """None, a Failure or an Undecided; None also for what the driver declares benign."""
    if any(one["id"] == outcome["id"] for one in serial) or relaxed_by(outcome, serial, declared) is not None:
        return None
    ending = outcome["ending"]
    if ending == "hang":
        return Undecided("an execution did not end (%s)" % outcome.get("detail", ""))
    exception = _strangest(outcome, serial)
    if exception is not None:
        return Failure(_name(exception), outcome)
    if ending == "deadlock":
        if any(one["ending"] == "deadlock" for one in serial):
            return Undecided("the threads block each other already in a serial order")
        return Failure("the threads wait for each other", outcome)
    if ending == "invariant":
        return Failure("the invariant is broken", outcome)
    known = [_plain_results(one) for one in serial]
    what = "a final state" if _plain_results(outcome) in known else "results"
    return Failure("%s that no serial order gives" % what, outcome)


def obstacle(reply):
    """Why serial orders cannot be compared with anything; None when they can."""
    outcomes = reply["outcomes"]
    if any(one["ending"] in ("hang", "deadlock") for one in outcomes):
        return "a serial order does not end"
    results = [result for one in outcomes for result in _results(one)]
    if results and all(result["status"] == "raised" for result in results):
        return "every operation raises in every serial order (%s)" % _name(results[0])
    if not reply["stable"]:
        return "one serial order gives different outcomes when repeated"
    return None


def _results(outcome):
    return [result for thread in outcome["threads"] for result in thread["operations"]]


def _raised(outcome):
    return [result for result in _results(outcome) if result["status"] == "raised"]


def _strangest(outcome, serial):
    usual = {_name(result) for one in serial for result in _raised(one)}
    strange = [result for result in _raised(outcome) if _name(result) not in usual]
    crashes = [result for result in strange if not result.get("domain")]
    return (crashes or strange or [None])[0]


def _name(result):
    return "%s@%s" % (result["exception"], result["where"])


def _plain_results(outcome):
    return [_name(result) if result["status"] == "raised" else (result["status"], result.get("value")) for result in _results(outcome)]
