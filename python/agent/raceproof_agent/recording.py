"""Remembers accesses and switches of one execution.

Enters: what the scheduler passes.  Leaves: conflicts between threads, a named plan, a readable trace.
Objects are kept alive while recording, because a dead temporary's address would be used again and fake a
conflict; therefore nothing is recorded while schedules are only counted.
Misses: conflicts through C extensions and through keys that are not strings, numbers or bytes.
"""

from .access_values import is_read
from .locations import locate, walked_over
from .sites import SITES, SPECIAL_KEYS


class Access:
    """One access: who, where, which location; `part` is an attribute, a key, or None for the whole."""

    __slots__ = ("callers", "identity", "part", "read", "site", "thread", "writes", "wrote")

    def __init__(self, thread, site, identity, part, writes):
        self.thread = thread
        self.site = site
        self.identity = identity
        self.part = part
        self.writes = writes
        self.read = self.wrote = self.callers = None


class Recorder:
    """Collects the accesses and switches of one execution; with AccessValues, what was read and written, with a CallChain, by way of where."""

    def __init__(self, values=None, chain=None):
        self._values = values
        self._chain = chain
        self._unfinished = None  # the last access that writes: what it wrote is seen when its thread stops again
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
        self._see_written()
        key = (actor.index, site)
        self._counts[key] = self._counts.get(key, 0) + 1

    def switched(self, actor, site, successor):
        """The actor stops, before the access at `site` or (None) because it ended or is blocked."""
        self._see_written()
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
        owner, identity, part, writes = locate(site, target, name)
        self._kept.append(owner)
        behind = walked_over(target, part)
        if behind is not None:
            self._kept.append(behind)
            self.implied.append(Access(actor.index, site, id(behind), None, False))
        access = Access(actor.index, site, identity, part, writes)
        self.accesses.append(access)
        if self._chain is not None:
            access.callers = self._chain.here()
        if self._values is not None:
            if is_read(site):
                access.read = self._values.text(site, target, name)
            if writes:
                self._unfinished = (access, target, name)

    def _see_written(self):
        if self._unfinished is not None:
            access, target, name = self._unfinished
            self._unfinished = None
            access.wrote = self._values.text(access.site, target, name)

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
        self._see_written()
        numbers = {None: 0}
        events = []
        for access in self.accesses[:limit]:
            place = SITES.sites[access.site]
            part = access.part
            name = part[1:] if isinstance(part, str) else (None if part is None else str(part[1])[:80])
            event = {
                "thread": access.thread,
                "site": place.key,
                "line": place.line,
                "file": place.file,
                "object": numbers.setdefault(access.identity, len(numbers)),
                "name": name,
            }
            if access.callers is not None:
                event["callers"] = access.callers
            texts = (("read", access.read), ("wrote", access.wrote if access.wrote != access.read else None))
            event.update((key, text) for key, text in texts if text is not None)
            events.append(event)
        return events
