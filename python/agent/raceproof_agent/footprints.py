"""What each operation of a driver touches when it runs alone.

Enters: a runner with an opened driver.  Leaves: per operation how it ended and which locations it reads and writes, as numbers that
mean the same location in every operation of the driver.  A location is named by its path from the state that setup() returned, from a
module's globals or from a class, because objects themselves differ from execution to execution.
Misses: objects made by the operation itself; they are found through the container they were put into.
"""

import collections
import hashlib
import sys
import types

from .driver import MODULE as DRIVER
from .object_layout import attributes_of, instance_dict
from .recording import Recorder
from .sites import SITES, SPECIAL_KEYS
from .strategies import Serial

_OBJECT_LIMIT = 20_000
_PATIENCE = 50_000  # a call that takes many times more is of no use to an audit
_SEQUENCES = (list, tuple, set, frozenset, collections.deque)
_PLAIN = (str, bytes, int, float, complex, bool, type(None), types.FunctionType, types.BuiltinFunctionType)


class Paths:
    """Names by path for the objects that can be reached before an operation begins."""

    def __init__(self, is_subject, known=None):
        self._is_subject = is_subject
        self._names = dict(known._names) if known else {}
        self._entries = set(known._entries) if known else set()  # attribute dictionaries of instances
        self._alive = []  # a dead object's address would be used again

    def walk(self, root, name):
        """Name everything below an object, nearest first."""
        queue = collections.deque([(root, name)])
        while queue and len(self._names) < _OBJECT_LIMIT:
            value, path = queue.popleft()
            if isinstance(value, _PLAIN) or id(value) in self._names:
                continue
            self._names[id(value)] = path
            self._alive.append(value)
            entries = instance_dict(value)
            if entries is not None:
                self._names[id(entries)] = path
                self._entries.add(id(entries))
            queue.extend(self._children(value, path))

    def name(self, identity):
        """The path of an object by its identity; None for one that was made later."""
        return identity if isinstance(identity, str) else self._names.get(identity)

    def holds_attributes(self, identity):
        """Whether the entries of this dictionary are attributes of an instance."""
        return identity in self._entries

    def _children(self, value, path):
        kind = type(value)
        if issubclass(kind, dict):
            for index, key in enumerate(dict.keys(value)):
                label = repr(key) if type(key) in (str, int, bytes) else "#%d" % index
                yield dict.__getitem__(value, key), "%s[%s]" % (path, label)
        elif issubclass(kind, _SEQUENCES):
            base = next(base for base in _SEQUENCES if issubclass(kind, base))
            for index, item in enumerate(base.__iter__(value)):
                yield item, "%s[%d]" % (path, index)
        if issubclass(kind, type):
            if self._is_subject(value):
                yield from self._named(dict(vars(value)), path)
        elif self._is_subject(kind) or kind is types.SimpleNamespace:
            yield from self._named(attributes_of(value), path)

    def _named(self, attributes, path):
        for name, value in attributes.items():
            yield value, "%s.%s" % (path, name)


class _Solo:
    """A driver of which one thread runs; names the state's objects once setup() has made it."""

    def __init__(self, driver, thread, paths):
        self._driver = driver
        self._thread = thread
        self._paths = paths
        self.prepare = driver.prepare
        self.collects_garbage = driver.collects_garbage
        self.observe = driver.observe
        self.broken_invariant = driver.broken_invariant

    def programs(self, state):
        """The one program."""
        self._paths.walk(state, "state")
        return [self._driver.programs(state)[self._thread]]


class Footprints:
    """Numbers locations for all operations of one opened driver."""

    def __init__(self, runner, is_subject, prefixes):
        self._runner = runner
        self._is_subject = is_subject
        self._numbers = {}
        self._globals = Paths(is_subject)
        prefixes = tuple(prefixes) + (DRIVER,)
        for name, module in list(sys.modules.items()):
            if isinstance(module, types.ModuleType) and any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes):
                for key, value in list(vars(module).items()):
                    if type(value) is not types.ModuleType:
                        self._globals.walk(value, "%s.%s" % (name, key))

    def take(self, thread):
        """The footprint of one thread of the driver as a protocol value."""
        paths = Paths(self._is_subject, self._globals)
        solo = self._runner.for_driver(_Solo(self._runner.driver, thread, paths))
        recorder = Recorder()
        strategy = Serial([0] * len(self._runner.driver.threads[thread][1]))
        strategy.patience = _PATIENCE
        execution, identity = solo.run(strategy, recorder)
        outcome = solo.book.text(identity)
        reads, writes = self._locations(recorder, paths)
        return {
            "thread": thread,
            "ending": outcome["ending"],
            "results": outcome["threads"][0]["operations"],
            "steps": execution.actors[0].passed,
            "route": _route(recorder),
            "stateSize": len(outcome["state"]),
            "reads": sorted(reads - writes),
            "writes": sorted(writes),
        }

    def _locations(self, recorder, paths):
        reads, writes = set(), set()
        touched = {(access.identity, access.part, access.writes) for access in recorder.accesses + recorder.implied}
        for identity, part, does_write in touched:
            name = None if identity is None else paths.name(identity)
            if name is None:
                continue
            used = writes if does_write else reads
            if part is not None and paths.holds_attributes(identity):
                part = "." + str(part[1])
            if isinstance(part, str):
                used.add(self._number(name + part))
                continue
            # Whole content against whole content or a key; a key against the same key, and against another one when both write.
            whole, any_key = self._number(name + "[]"), self._number(name + "[?]")
            if part is None:
                used.update((whole, any_key))
                continue
            reads.add(whole)
            used.add(self._number("%s[%r]" % (name, part[1])))
            if does_write:
                writes.add(any_key)
        return reads, writes

    def _number(self, name):
        return self._numbers.setdefault(name, len(self._numbers))


def _route(recorder):
    """A short name for the set of places an operation went through."""
    sites = {access.site for access in recorder.accesses}
    keys = sorted(SITES.sites[site].key for site in sites if site >= len(SPECIAL_KEYS))
    own = [key for key in keys if not key.startswith("raceproof_driver:")]
    return hashlib.sha256("\n".join(own).encode("utf-8", "backslashreplace")).hexdigest()[:12]
