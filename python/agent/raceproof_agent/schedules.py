"""Schedules and plans as they are sent, made into strategies.

Enters: values of the protocol.  Leaves: strategies, or a Refusal.
"""

from functools import partial

from .partial_order_sampling import PartialOrderSampling
from .priority_change import PriorityChange
from .protocol import Refusal
from .selective_uniform import SelectiveUniform
from .sites import SITES
from .strategies import Segments


def strategy_makers(values):
    """Functions without parameters, each of which makes a new strategy; a seeded value may stand for many schedules."""
    if not isinstance(values, list):
        raise Refusal("usage", "schedules is a list")
    makers = []
    for value in values:
        if isinstance(value, dict):
            makers += _seeded_makers(value)
        else:
            makers.append(partial(Segments, _segments(value)))
    return makers


def _seeded_makers(value):
    strategy = _SEEDED.get(value.get("kind"))
    if strategy is None:
        raise Refusal("usage", "a seeded schedule is one of %s" % ", ".join(sorted(_SEEDED)))
    seed, count, depth, counts = (value.get(key, default) for key, default in _DEFAULTS)
    numbers = [seed, count, depth] + (counts if isinstance(counts, list) else [None])
    if not all(isinstance(number, int) for number in numbers) or depth < 1:
        raise Refusal("usage", "a seeded schedule has an integer seed, depth from 1 and counts per thread")
    keys = value.get("interesting", [])
    if not isinstance(keys, list):
        raise Refusal("usage", "interesting is a list of site keys")
    interesting = frozenset(SITES.number(key) for key in keys)
    return [partial(strategy, seed + index, counts, depth, interesting) for index in range(count)]


def _priority_change(seed, counts, depth, interesting):
    return PriorityChange(seed, depth, sum(counts))


def _partial_order_sampling(seed, counts, depth, interesting):
    return PartialOrderSampling(seed)


def _selective_uniform(seed, counts, depth, interesting):
    return SelectiveUniform(seed, counts, interesting)


def _uniform(seed, counts, depth, interesting):
    return SelectiveUniform(seed, counts, None)


_SEEDED = {"pct": _priority_change, "pos": _partial_order_sampling, "surw": _selective_uniform, "urw": _uniform}
_DEFAULTS = (("seed", None), ("count", 1), ("depth", 2), ("counts", []))


def _segments(value):
    """(thread, until) pairs."""
    try:
        segments = [(thread, until) for thread, until in value]
    except (TypeError, ValueError):
        raise Refusal("usage", "a schedule is a list of [thread, until]") from None
    for thread, until in segments:
        if not isinstance(thread, int) or not (until is None or isinstance(until, int)):
            raise Refusal("usage", "a schedule is a list of [thread, until]")
    return segments


def named_steps(plan):
    """The steps of a plan as (thread, site number or None, occurrence), and the keys nobody knows."""
    steps, missing = [], []
    try:
        for step in plan:
            until = step.get("until")
            number = None if until is None else SITES.number(until["site"])
            if until is not None and number is None:
                missing.append(until["site"])
            steps.append((step["thread"], number, 0 if until is None else until.get("occurrence", 1)))
    except (TypeError, KeyError, AttributeError):
        raise Refusal("usage", "a plan is a list of steps") from None
    return steps, missing


def thread_numbers(request, field):
    """A list of thread numbers of a request."""
    found = request.get(field, [])
    if not isinstance(found, list) or not all(isinstance(number, int) for number in found):
        raise Refusal("usage", "%s is a list of thread numbers" % field)
    return found
