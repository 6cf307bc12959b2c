"""Which sites two threads use in conflict, over several recorded executions.

Enters: recorders.  Leaves: the profile of a driver: sites touched, by whom, in conflict or not; steps per thread.
Two accesses conflict when they touch the same attribute, the same key, or one the whole content the other a
part of it, in different threads, and at least one writes.
Misses: conflicts on paths that none of the recorded executions took.
"""

import collections

from .sites import SITES, SPECIAL_KEYS


class Profile:
    """What recorded executions showed."""

    def __init__(self):
        self._threads = {}
        self._conflicts = set()
        self._steps = {}
        self._passed = []  # per serial execution, how often each thread came to each site

    def add(self, recorder):
        """Take the accesses of one execution into account."""
        self._conflicts |= conflicting_sites(recorder)
        for access in recorder.accesses:
            self._threads.setdefault(access.site, set()).add(access.thread)

    def count_steps(self, execution, recorder):
        """Remember how many switch points each thread of a serial execution passed."""
        self._passed.append(collections.Counter((access.thread, access.site) for access in recorder.accesses))
        for actor in execution.actors:
            self._steps[actor.index] = max(self._steps.get(actor.index, 0), actor.passed)

    def steps(self):
        """Switch points per thread."""
        return [self._steps[index] for index in sorted(self._steps)]

    def lengths(self):
        """The same, when only sites in conflict are switch points, besides the special ones."""
        lengths = collections.Counter()
        for passed in self._passed:
            own = collections.Counter()
            for (thread, site), count in passed.items():
                if site in self._conflicts or site < len(SPECIAL_KEYS):
                    own[thread] += count
            lengths |= own
        return [lengths[index] for index in sorted(self._steps)]

    def spread(self, count):
        """Schedules with one preemption each, spread evenly over the first two threads."""
        schedules = []
        for number in range(count):
            first, second = (0, 1) if number % 2 == 0 else (1, 0)
            until = 1 + self._steps[first] * (number // 2 + 1) // (count // 2 + 2)
            schedules.append([(first, until), (second, None), (first, None)])
        return schedules

    def conflicts(self):
        """Numbers of the sites in conflict."""
        return sorted(self._conflicts)

    def describe_sites(self):
        """The sites as protocol values, in order of their numbers."""
        return [self._describe(number) for number in sorted(self._threads) if number >= len(SPECIAL_KEYS)]

    def _describe(self, number):
        site = SITES.sites[number]
        return {
            "key": site.key,
            "module": site.module,
            "function": site.function,
            "file": site.file,
            "line": site.line,
            "column": site.column,
            "access": site.access,
            "text": site.text,
            "threads": sorted(self._threads[number]),
            "conflict": number in self._conflicts,
        }


def conflicting_sites(recorder):
    """Numbers of the sites where two threads touch one location and at least one of them writes."""
    locations = {}
    for access in recorder.accesses + recorder.implied:
        if access.identity is not None and access.site >= len(SPECIAL_KEYS):
            parts = locations.setdefault(access.identity, {})
            parts.setdefault(access.part, {})[access.thread, access.site, access.writes] = access
    found = set()
    for parts in locations.values():
        for part, uses in parts.items():
            found |= _conflicting(uses.values(), _overlapping(parts, part))
    return found


def _overlapping(parts, part):
    """The uses of one object that overlap with a part: an attribute (text), a key (pair) or the content (None)."""
    if part is None:
        chosen = [other for other in parts if not isinstance(other, str)]
    elif isinstance(part, str):
        chosen = [part]
    else:
        chosen = [part, None]
    return [use for other in chosen for use in parts.get(other, {}).values()]


def _conflicting(uses, overlapping):
    threads = {use.thread for use in overlapping}
    writers = {use.thread for use in overlapping if use.writes}
    return {use.site for use in uses if writers - {use.thread} or (use.writes and threads - {use.thread})}
