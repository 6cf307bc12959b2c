"""The identity wrappers that instrumented code calls right before an access.

Enters: the object of the access and the number of its site.  Leaves: the same object, unchanged.
A wrapper costs one table lookup while its site is inactive.  They are published in builtins, the only
namespace every rewritten module sees without being changed itself.
"""

import builtins
import datetime
import types

from .call_points import CALL_POINTS
from .clock import CLOCK
from .container_models import ITERATORS, VIEWS, is_container, is_mapping
from .object_layout import behind_view, overrides, stores_attribute
from .scheduler import SCHEDULER
from .sites import SITES

_active = SITES.active
_reach = SCHEDULER.reach
_BUILTIN_METHOD = types.BuiltinMethodType


def attribute(target, site, name):
    """x.name, loaded, stored or deleted."""
    if _active[site]:
        _reach(site, target, name)
    return target


def stored(target, site, name):
    """x.name(...): an access only if name is a stored value, not a method of the class."""
    if _active[site] and stores_attribute(target, name):
        _reach(site, target, name)
    return target


def container(target, site):
    """x[...] as a whole, or its truth."""
    if _active[site] and is_container(type(target)):
        _reach(site, target, None)
    return target


def item(target, site, key):
    """x[key]; keys of mappings are locations of their own."""
    if _active[site]:
        kind = type(target)
        if is_container(kind):
            _reach(site, target, key if is_mapping(kind) else None)
    return target


def member(target, site, *key):
    """key in x."""
    if _active[site]:
        kind = type(target)
        if is_container(kind):
            _reach(site, target, key[0] if key and is_mapping(kind) else None)
        elif kind in VIEWS:
            _reach(site, behind_view(target), None)
    return target


def container_call(target, site, method, *key):
    """x.method(...) of a builtin container; other objects make no access here."""
    if _active[site]:
        kind = type(target)
        if kind in ITERATORS or (is_container(kind) and not overrides(kind, method)):
            _reach(site, target, key[0] if key and is_mapping(kind) else None)
    return target


def passed(target, site):
    """A container used in one step by something implemented in C."""
    if _active[site]:
        kind = type(target)
        if is_container(kind) or kind in ITERATORS:
            _reach(site, target, None)
        elif kind in VIEWS:
            _reach(site, behind_view(target), None)
    return target


def in_place(value, site, target):
    """target op= value, which changes a container in place."""
    if _active[site] and is_container(type(target)):
        _reach(site, target, None)
    return value


# -- accesses whose key or argument is evaluated after the object: held per thread in between


def hold(target, site):
    """The container of an item access whose key is still to be evaluated."""
    if _active[site] and is_container(type(target)):
        SCHEDULER.hold(site, target, None)
    return target


def hold_any(target, site):
    """The object of getattr(x, <expression>)."""
    if _active[site]:
        SCHEDULER.hold(site, target, None)
    return target


def hold_call(target, site, method):
    """The container of a method call whose arguments are still to be evaluated."""
    if _active[site]:
        kind = type(target)
        if kind in ITERATORS or (is_container(kind) and not overrides(kind, method)):
            SCHEDULER.hold(site, target, None)
    return target


def key(value, site):
    """The last thing evaluated before a held access."""
    if _active[site]:
        held = SCHEDULER.release_hold(site)
        if held is not None:
            _reach(site, held[1], value if SITES.sites[site].access != "call" and is_mapping(type(held[1])) else None)
    return value


def name_key(value, site):
    """The computed name of getattr(x, name)."""
    if _active[site]:
        held = SCHEDULER.release_hold(site)
        if held is not None:
            _reach(site, held[1], value)
    return value


def update(target, load, name, store):
    """x.name op= value: before the load."""
    if _active[store]:
        SCHEDULER.hold(store, target, name)
    if _active[load]:
        _reach(load, target, name)
    return target


def item_update(target, load, store, *key):
    """x[key] op= value: before the load."""
    kind = type(target)
    if is_container(kind):
        name = key[0] if key and is_mapping(kind) else None
        if _active[store]:
            SCHEDULER.hold(store, target, name)
        if _active[load]:
            _reach(load, target, name)
    return target


def key_update(value, load, store):
    """x[<expression>] op= value: before the load, after the key."""
    held = SCHEDULER.release_hold(load) if _active[load] or _active[store] else None
    if held is not None:
        name = value if is_mapping(type(held[1])) else None
        if _active[store]:
            SCHEDULER.hold(store, held[1], name)
        if _active[load]:
            _reach(load, held[1], name)
    return value


def slice_update(value, load, store):
    """x[a:<expression>] op= value."""
    key_update(None, load, store)
    return value


def between(value, store):
    """x.name op= value: after the value has been evaluated, before the store."""
    if _active[store]:
        held = SCHEDULER.release_hold(store)
        if held is not None:
            _reach(store, held[1], held[2])
    return value


# -- shared names


def name(site):
    """A module-level name; false, so that `or` goes on to the name itself."""
    if _active[site]:
        _reach(site, None, None)
    return False


def cell(site, closure):
    """A name of an enclosing function."""
    if _active[site]:
        _reach(site, closure.__closure__[0], "cell_contents")
    return False


def value(assigned, site, closure=None):
    """Before the store to a shared name."""
    if _active[site]:
        if closure is None:
            _reach(site, None, None)
        else:
            _reach(site, closure.__closure__[0], "cell_contents")
    return assigned


# -- iteration


def iterate(target, site):
    """for ... in x: a switch point before every item, when x is or hides a builtin container."""
    if not _active[site] or SCHEDULER.holder is None:
        return target
    kind = type(target)
    if is_container(kind):
        return walk(target, iter(target), site) if not overrides(kind, "__iter__") else target
    if kind in VIEWS:
        return walk(behind_view(target), iter(target), site)
    if kind in ITERATORS:
        return walk(target, target, site)
    return target


def walk(location, iterator, site):
    """The items of an iterator over a container, each behind a switch point."""
    following = iterator.__next__
    while True:
        _reach(site, location, None)
        try:
            found = following()
        except StopIteration:
            return
        yield found


# -- time


def clocked(found):
    """datetime.now and its like, read from the virtual clock during executions."""
    if CLOCK.running and type(found) is _BUILTIN_METHOD and found.__name__ in ("now", "utcnow", "today"):
        owner = found.__self__
        if isinstance(owner, type) and issubclass(owner, datetime.date):
            return _ClassClock(owner, found.__name__)
    return found


class _ClassClock:
    """now(), utcnow() and today() of one date class at the virtual time."""

    def __init__(self, owner, method):
        self._owner = owner
        self._method = method

    def __call__(self, *arguments, **keywords):
        return getattr(self, self._method)(*arguments, **keywords)

    def now(self, tz=None):
        return self._owner.fromtimestamp(CLOCK.time(), tz)

    def utcnow(self):
        return self._owner.fromtimestamp(CLOCK.time(), datetime.timezone.utc).replace(tzinfo=None)

    def today(self):
        return self._owner.fromtimestamp(CLOCK.time())


_POINTS = (
    attribute,
    stored,
    container,
    item,
    member,
    container_call,
    passed,
    in_place,
    hold,
    hold_any,
    hold_call,
    key,
    name_key,
    update,
    item_update,
    key_update,
    slice_update,
    between,
    name,
    cell,
    value,
    iterate,
    clocked,
)


def publish():
    """Make the wrappers visible to instrumented modules."""
    for point in _POINTS + CALL_POINTS:
        setattr(builtins, "_rp_%s_" % point.__name__, point)
