"""Which location an access touches, and when two accesses depend on each other.

Enters: the site, object and name of an access.  Leaves: (identity of the object, part, writes) triples.
A part is an attribute (text), a key (pair) or None for the whole content.  Identities are only good while the
objects live; who remembers them longer must keep the objects.
"""

import sys
import types

from .container_models import ITERATORS, QUEUES
from .object_layout import behind_iterator, instance_dict, location_owner
from .sites import SITES, SPECIAL_KEYS

_KEY_TYPES = (str, int, bytes)


def locate(site, target, name):
    """(what to keep alive, identity, part, writes) of an access in the source."""
    place = SITES.sites[site]
    if target is None and place.name is not None:
        return None, "module " + place.module, "." + place.name, place.writes
    if type(target) is types.ModuleType:
        return None, "module " + target.__name__, "." + str(name), place.writes
    if place.name is not None and place.access != "call":
        return _attribute(location_owner(target, name), name) + (place.writes,)
    if type(target) is dict and _is_of_module(target):
        return None, "module " + target["__name__"], None if name is None else "." + str(name), place.writes
    # one step moves the iterator; get() takes from a queue
    moves = type(target) in ITERATORS
    takes = place.name == "get" and isinstance(target, QUEUES)
    if type(target) is types.GeneratorType and target.gi_frame is not None:
        target, part = target.gi_frame, None  # the generator's own code knows only its frame
    else:
        part = ("key", name) if type(name) in _KEY_TYPES else None
    return target, id(target), part, place.writes or takes or (moves and part is None)


def _attribute(owner, name):
    """An attribute kept in an instance's dictionary is an entry of that, however it is reached."""
    entries = instance_dict(owner)
    if entries is None:
        return owner, id(owner), "." + str(name)
    return (owner, entries), id(entries), ("key", name)


def _is_of_module(namespace):
    name = namespace.get("__name__")
    module = sys.modules.get(name) if type(name) is str else None
    return module is not None and vars(module) is namespace


def walked_over(target, part):
    """What a step of an iterator reads besides moving the iterator itself; None for everything else."""
    return behind_iterator(target) if part is None and type(target) in ITERATORS else None


def touched(site, target, name):
    """([(identity, part, writes), ...], objects to keep alive): everything one switch point announces.

    Attributes are text even when an instance's dictionary keeps them: their order is nobody's business.
    """
    if site < len(SPECIAL_KEYS):
        return ([], ()) if target is None else ([(id(target), None, True)], (target,))
    owner, identity, part, writes = locate(site, target, name)
    behind = walked_over(target, part)
    if SITES.sites[site].name is not None and type(part) is tuple and SITES.sites[site].access != "call":
        part = "." + str(name)
    if behind is None:
        return [(identity, part, writes)], (owner,)
    return [(identity, part, writes), (id(behind), None, False)], (owner, behind)


def dependent(some, others):
    """Whether swapping two accesses could be seen; two writes to one container's keys change its order."""
    for identity, part, writes in some:
        for other_identity, other_part, other_writes in others:
            if identity == other_identity and (writes or other_writes) and _overlap(part, other_part, writes and other_writes):
                return True
    return False


def _overlap(part, other, both_write):
    if part is None or other is None or part == other:
        return True
    if isinstance(part, str) or isinstance(other, str):
        return type(part) is not type(other)
    return both_write
