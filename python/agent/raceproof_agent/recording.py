"""Remembers accesses and switches of one execution.

Enters: what the scheduler passes.  Leaves: conflicts between threads, a named plan, a readable trace.
Objects are kept alive while recording, because a dead temporary's address would be used again and fake a
conflict; therefore nothing is recorded while schedules are only counted.
Misses: conflicts through C extensions and through keys that are not strings, numbers or bytes.
"""

import sys
import types

from .container_models import ITERATORS, QUEUES
from .object_layout import behind_iterator, instance_dict, location_owner
from .sites import SITES, SPECIAL_KEYS

_KEY_TYPES = (str, int, bytes)


class Access:
    """One access: who, where, which location; `part` is an attribute, a key, or None for the whole."""

    __slots__ = ("identity", "part", "site", "thread", "writes")

    def __init__(self, thread, site, identity, part, writes):
        self.thread = thread
        self.site = site
        self.identity = identity
        self.part = part
        self.writes = writes


class Recorder:
    """Collects the accesses and switches of one execution."""

    def __init__(self):
        self.accesses = []
        self.implied = []  # accesses that come with another one and are no switch points of their own
        self.switches = []
        self.last_thread = 0
        self._kept = []
        self._counts = {}

    def started(self, actor):
        """The first actor is about to run."""
        self.last_thread = actor.index

    def arrived(self, actor, site):
        """The actor stands before an access; it may be switched away from first."""
        key = (actor.index, site)
        self._counts[key] = self._counts.get(key, 0) + 1

    def switched(self, actor, site, successor):
        """The actor stops, before the access at `site` or (None) because it ended or is blocked."""
        occurrence = 0 if site is None else self._counts[actor.index, site]
        self.switches.append((actor.index, site, occurrence))
        self.last_thread = successor.index

    def performed(self, actor, site, target, name):
        """The actor goes on and makes the access."""
        if site < len(SPECIAL_KEYS):
            if target is not None:
                self._kept.append(target)
                self.accesses.append(Access(actor.index, site, id(target), None, True))
            else:
                self.accesses.append(Access(actor.index, site, None, None, False))
            return
        place = SITES.sites[site]
        identity, part, writes = self._locate(place, target, name)
        if type(target) in ITERATORS and part is None:  # one step moves the iterator and reads what it walks over
            writes = True
            self._imply(actor, site, behind_iterator(target))
        self.accesses.append(Access(actor.index, site, identity, part, writes))

    def _imply(self, actor, site, target):
        self._kept.append(target)
        self.implied.append(Access(actor.index, site, id(target), None, False))

    def _locate(self, place, target, name):
        if target is None and place.name is not None:
            return "module " + place.module, "." + place.name, place.writes
        if type(target) is types.ModuleType:
            return "module " + target.__name__, "." + str(name), place.writes
        if place.name is not None and place.access != "call":
            return self._attribute(location_owner(target, name), name) + (place.writes,)
        if type(target) is dict and _is_of_module(target):
            return "module " + target["__name__"], None if name is None else "." + str(name), place.writes
        if type(target) is types.GeneratorType and target.gi_frame is not None:
            target, part = target.gi_frame, None  # the generator's own code knows only its frame
        else:
            part = ("key", name) if type(name) in _KEY_TYPES else None
        self._kept.append(target)
        return id(target), part, place.writes or (place.name == "get" and isinstance(target, QUEUES))

    def _attribute(self, owner, name):
        """An attribute kept in an instance's dictionary is an entry of that, however it is reached."""
        entries = instance_dict(owner)
        self._kept.append((owner, entries))
        return (id(owner), "." + str(name)) if entries is None else (id(entries), ("key", name))

    def plan(self):
        """The switches as steps, ending with the thread that ran last."""
        steps = []
        for thread, site, occurrence in self.switches:
            until = None if site is None else {"site": SITES.sites[site].key, "occurrence": occurrence}
            steps.append({"thread": thread, "until": until})
        steps.append({"thread": self.last_thread, "until": None})
        return steps

    def trace(self, limit):
        """The accesses as protocol events; objects are numbered by first sight."""
        numbers = {None: 0}
        events = []
        for access in self.accesses[:limit]:
            place = SITES.sites[access.site]
            part = access.part
            name = part[1:] if isinstance(part, str) else (None if part is None else str(part[1])[:80])
            events.append(
                {
                    "thread": access.thread,
                    "site": place.key,
                    "line": place.line,
                    "file": place.file,
                    "object": numbers.setdefault(access.identity, len(numbers)),
                    "name": name,
                }
            )
        return events


def _is_of_module(namespace):
    name = namespace.get("__name__")
    module = sys.modules.get(name) if type(name) is str else None
    return module is not None and vars(module) is namespace
