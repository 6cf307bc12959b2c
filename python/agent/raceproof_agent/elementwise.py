"""Takes walks in C apart where an interpreter does not make them in one step.

Enters: functions and, for each, the kinds of containers it walks over element by element.  Leaves: access points that hand such a
function an iterator with a switch point before every element, in place of the container.
Misses: functions that need the container itself (len, copy, json.dumps), f(*container), unpacking.
"""

import builtins
import collections

from . import access_points
from .container_models import ITERATING_FUNCTIONS, ITERATORS, LAZY_FUNCTIONS, MAPPING_FUNCTIONS, VIEWS, is_container
from .object_layout import behind_view, overrides
from .scheduler import SCHEDULER
from .sites import SITES

_VIEW_KINDS = {
    type(getattr(mapping, name)()): name for mapping in ({}, collections.OrderedDict()) for name in ("keys", "values", "items")
}
_KINDS = ((collections.deque, "deque"), (dict, "dict"), ((set, frozenset), "set"), (list, "list"))
_TAKE_ANY_ITERATOR = (ITERATING_FUNCTIONS | {"in"}) - LAZY_FUNCTIONS - MAPPING_FUNCTIONS


def kind_of(target):
    """The kind of container in the words of the explorer's tables, or None."""
    kind = type(target)
    if kind in VIEWS:
        return _VIEW_KINDS[kind]
    if kind in ITERATORS:
        return "iterator"
    if not is_container(kind) or overrides(kind, "__iter__"):
        return None
    return next((name for types, name in _KINDS if issubclass(kind, types)), None)


class Walks:
    """The access points of one model."""

    def __init__(self, elementwise):
        self._kinds = {function: frozenset(kinds) for function, kinds in elementwise.items() if function in _TAKE_ANY_ITERATOR}

    def publish(self):
        """Take the places of the ordinary ones."""
        builtins._rp_passed_ = self.passed
        builtins._rp_member_ = self.member

    def passed(self, target, site):
        """A container for something implemented in C."""
        return self._walk(target, site, SITES.sites[site].consumer) or access_points.passed(target, site)

    def member(self, target, site, *key):
        """key in x."""
        return self._walk(target, site, "in") or access_points.member(target, site, *key)

    def _walk(self, target, site, consumer):
        if not SITES.active[site] or SCHEDULER.holder is None or kind_of(target) not in self._kinds.get(consumer, ()):
            return None
        return access_points.walk(behind_view(target) if type(target) in VIEWS else target, iter(target), site)
