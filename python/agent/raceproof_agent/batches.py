"""Many executions for one request, counted.

Enters: `run(index, strategy)`, which plays one execution, and what is to be played.  Leaves: the counts, as fields of the reply.
"""

from .natives import NATIVES
from .strategies import NamedPlan


def play_schedules(run, schedules, accepted, limits):
    """Until one gives an outcome that is not accepted (with `stop`), or the `milliseconds` are over."""
    stop, end = limits.get("stop", False), NATIVES.perf_counter() + limits.get("milliseconds", 1e9) / 1000
    counts, lengths = {}, {}
    diverged = uncontrolled = runs = 0
    first = None
    for index, make in enumerate(schedules):
        strategy = make()
        execution, identity = run(index, strategy)
        runs += 1
        counts[identity] = counts.get(identity, 0) + 1
        for actor in execution.actors:
            lengths[actor.index] = max(lengths.get(actor.index, 0), actor.passed)
        diverged += strategy.diverged
        uncontrolled += execution.uncontrolled
        if first is None and identity not in accepted:
            first = {"index": index, "outcome": identity}
            if stop:
                break
        if NATIVES.perf_counter() >= end:
            break
    return {
        "runs": runs,
        "outcomes": counts,
        "first": first,
        "lengths": [lengths[index] for index in sorted(lengths)],
        "diverged": diverged,
        "uncontrolled": uncontrolled,
    }


def play_plan(run, steps, times):
    """The same plan again and again."""
    counts, missed = {}, {}
    reached = prevented = uncontrolled = 0
    for index in range(times):
        strategy = NamedPlan(steps)
        execution, identity = run(index, strategy)
        counts[identity] = counts.get(identity, 0) + 1
        reached += strategy.reached
        prevented += strategy.prevented
        if strategy.missed is not None:
            missed[strategy.missed] = missed.get(strategy.missed, 0) + 1
        uncontrolled += execution.uncontrolled
    return {"outcomes": counts, "reached": reached, "prevented": prevented, "missed": missed, "uncontrolled": uncontrolled}
