"""The serial orders of a driver and whether they agree with themselves.

Enters: a runner.  Leaves: the outcome of every order, the paths masked because they are unstable.
"""

import itertools

from .canonical import MASKED
from .outcome import is_result_root, result_root
from .path_differences import PathRenderer, add_to_mask, differing_paths, path_text
from .strategies import Serial

ORDER_LIMIT = 600
_ATTEMPTS = 12


def merges(counts, limit=ORDER_LIMIT):
    """Every order of operations that keeps each thread's own: lists of thread numbers, at most `limit`."""
    found = []

    def extend(left, order):
        if len(found) >= limit:
            return
        if not any(left):
            found.append(order)
            return
        for thread, count in enumerate(left):
            if count:
                extend(left[:thread] + [count - 1] + left[thread + 1 :], order + [thread])

    extend(list(counts), [])
    return found


def orders_of(driver):
    """The serial orders of a driver: of its operations, or of whole threads when each must be alone with what it wrote."""
    counts = [len(operations) for _, operations in driver.threads]
    if not driver.is_isolated:
        return merges(counts)
    whole = itertools.islice(itertools.permutations(range(len(counts))), ORDER_LIMIT)
    return [[thread for thread in order for _ in range(counts[thread])] for order in whole]


class SerialOutcomes:
    """What settle() found."""

    def __init__(self):
        self.by_order = []  # [(order, outcome id)]
        self.masked = []  # [path text]
        self.stable = False


def settle(runner, orders, repeats):
    """Run every order `repeats` times, masking state that differs between repeats, until they agree."""
    found = SerialOutcomes()
    runner.mask = {}
    for _ in range(_ATTEMPTS):
        found.by_order, unstable = [], []
        for order in orders:
            identities = [runner.run(Serial(order))[1] for _ in range(repeats)]
            found.by_order.append((order, identities[0]))
            if len(set(identities)) > 1:
                unstable.append(order)
        if not unstable:
            found.stable = True
            return found
        if not _mask_differences(runner, unstable[0], found):
            return found
    return found


def _mask_differences(runner, order, found):
    """Extend the runner's mask by what differs between two runs; returns whether anything could be masked."""
    one, other = _views(runner, order), _views(runner, order)
    masked = False
    for root in sorted(set(one) | set(other)):
        if one.get(root) == other.get(root):
            continue
        if root not in one or root not in other:
            paths = None
        else:
            paths = differing_paths(one[root], other[root])
        if paths is not None:
            runner.mask[root] = add_to_mask(runner.mask.get(root), paths)
            found.masked += [path_text((root,) + path) for path in sorted(paths, key=str)]
            masked = True
        elif root != "state" and not is_result_root(root):
            runner.mask[root] = MASKED
            found.masked.append(root)
            masked = True
    return masked


def _views(runner, order):
    """Root path to flat view of one run."""
    views = {}

    def inspect(execution, observed, changes):
        renderer = PathRenderer(runner.book.is_subject)
        for actor in execution.actors:
            for index, (_, value) in enumerate(actor.results):
                root = result_root(actor.index, index)
                renderer.leaves = {}
                renderer.render(value, runner.mask.get(root))
                views[root] = renderer.leaves
        for root, value in [("state", observed)] + changes:
            if runner.mask.get(root) is not MASKED:
                renderer.leaves = {}
                renderer.render(value, runner.mask.get(root))
                views[root] = renderer.leaves

    runner.run(Serial(order), inspect=inspect)
    return views
