"""Puts module globals and class attributes of the subject back to what they were after import.

Enters: modules right after their import.  Leaves: the same values and contents before every execution, and
the places an execution changed.  Containers, instances of the subject's classes, closure cells, default
arguments and lru_caches that can be reached are followed.
Misses: what lies beyond PLACE_LIMIT; modules that are not instrumented; the insides of C extensions.
"""

import collections
import functools
import itertools
import operator
import types

from .container_models import STATEFUL
from .object_layout import instance_dict, slot_members

PLACE_LIMIT = 20_000
_LRU_CACHE = type(functools.lru_cache(maxsize=1)(len))
_ABSENT = object()
_is = operator.is_


class _Names:
    """The names of a module, a class or an instance; `root` is (path, value) of what an instance belongs to."""

    def __init__(self, prefix, root, access):
        self._prefix = prefix
        self._root = root
        self._read, self._write, self._delete = access
        now = self._read()
        self._saved = dict(now)
        self.views = (now.values(),)

    def _differing(self):
        now, saved = self._read(), self._saved
        found = [name for name, value in saved.items() if now.get(name, _ABSENT) is not value]
        for name, value in list(now.items()):
            if name not in saved:
                if type(value) is types.ModuleType:  # a submodule was imported: keep it
                    saved[name] = value
                else:
                    found.append(name)
        return [name for name in found if not _is_housekeeping(name)]

    def changed(self):
        now, saved = self._read(), self._saved
        if len(now) == len(saved) and all(map(_is, now.values(), saved.values())):
            return False
        return bool(self._differing())

    def restore(self):
        for name in self._differing():
            value = self._saved.get(name, _ABSENT)
            if value is _ABSENT:
                self._delete(name)
            else:
                self._write(name, value)

    def report(self):
        if self._root is not None:
            return [self._root]
        now = self._read()
        return [(self._prefix + name, now.get(name, "<deleted>")) for name in self._differing()]


class _Content:
    """The content of one object, compared by identity; `read` lists it, `write` puts a list back.

    `views` show the same content at any time, () when it has to be read.
    """

    def __init__(self, root, read, write, views=()):
        self._root = root
        self._read = read
        self._write = write
        self._saved = read()
        self.views = views

    def changed(self):
        now, saved = self._read(), self._saved
        return len(now) != len(saved) or not all(map(_is, now, saved))

    def restore(self):
        self._write(self._saved)
        self._saved = self._read()

    def report(self):
        return [] if self._root is None else [self._root]


class _QuietPlaces:
    """The places of one module that no execution has changed yet, compared in one pass: nearly always none differs."""

    def __init__(self, places):
        self._watch(places)

    def _watch(self, places):
        self._places = places
        self._read = [place for place in places if not place.views]
        self._views = [view for place in places for view in place.views]
        self._sizes = list(map(len, self._views))
        self._values = list(itertools.chain.from_iterable(self._views))

    def _may_differ(self):
        if list(map(len, self._views)) != self._sizes:
            return self._places
        return self._read if all(map(_is, itertools.chain.from_iterable(self._views), self._values)) else self._places

    def changed(self):
        suspects = self._may_differ()
        found = [place for place in suspects if place.changed()]
        if found or suspects is self._places:  # what differs may be of no interest, now and the next time
            self._watch([place for place in self._places if place not in found])
        return found


class ModuleState:
    """All places of the subject.  Only those that have changed before are looked at every time."""

    def __init__(self, is_subject):
        self._is_subject = is_subject
        self._count = 0
        self._places = {}  # owner: its places
        self._quiet = {}  # owner: those that have not changed so far
        self._lively = []
        self._seen = {}  # identity: object
        self._identities = {}  # owner: what it has seen

    def remember(self, module):
        """Take the present values of a module as the original ones."""
        owner = module.__name__
        self._places.setdefault(owner, [])
        self._identities.setdefault(owner, [])
        namespace = vars(module)
        access = (lambda: namespace, namespace.__setitem__, namespace.__delitem__)
        waiting = collections.deque()
        self._add(owner, _Names("module.%s." % owner, None, access), namespace)
        for name, value in list(namespace.items()):
            if not _is_housekeeping(name):
                waiting.append(("module.%s.%s" % (owner, name), value, value))
        self._walk(owner, waiting)
        known = set(map(id, self._lively))
        self._quiet[owner] = _QuietPlaces([place for place in self._places[owner] if id(place) not in known])

    def forget(self, owner):
        """A module is about to be replaced."""
        gone = set(map(id, self._places.pop(owner, ())))
        self._count -= len(gone)
        self._lively = [place for place in self._lively if id(place) not in gone]
        self._quiet.pop(owner, None)
        for identity in self._identities.pop(owner, ()):
            self._seen.pop(identity, None)

    def restore(self):
        """Before an execution: undo what the last one changed, as far as known."""
        for place in self._lively:
            if place.changed():
                place.restore()

    def changes(self):
        """[(path, value)] of the known places that an execution changed, sorted by path."""
        found = {}
        for place in self._lively:
            if place.changed():
                found.update(place.report())
        return sorted(found.items(), key=lambda entry: entry[0])

    def find_new_changes(self):
        """Compare every place; returns whether one changed that restore() did not know of."""
        found = [place for quiet in self._quiet.values() for place in quiet.changed()]
        self._lively += found
        return bool(found)

    def _add(self, owner, place, target):
        self._places[owner].append(place)
        self._count += 1
        self._note(owner, target)

    def _note(self, owner, target):
        self._seen[id(target)] = target
        self._identities[owner].append(id(target))

    def _walk(self, owner, waiting):
        while waiting and self._count < PLACE_LIMIT:
            path, root, value = waiting.popleft()
            if id(value) in self._seen:
                continue
            self._visit(owner, path, (path, root), value, waiting)

    def _visit(self, owner, path, root, value, waiting):
        kind = type(value)
        if issubclass(kind, type):
            if self._is_subject(value):
                self._visit_class(owner, value, waiting)
        elif _is_lru_cache(value):
            self._add(owner, _Content(None, lambda: [value.cache_info().currsize], lambda saved: value.cache_clear()), value)
            waiting.append((path, root[1], value.__wrapped__))
        elif kind is types.FunctionType:
            self._visit_function(owner, path, value, waiting)
        elif kind in (staticmethod, classmethod):
            waiting.append((path, root[1], value.__func__))
        elif kind is property:
            waiting.extend((path, root[1], part) for part in (value.fget, value.fset, value.fdel))
        elif kind in (tuple, frozenset):
            self._note(owner, value)
            waiting.extend((path, root[1], part) for part in value)
        else:
            self._visit_object(owner, path, root, value, waiting)

    def _visit_class(self, owner, kind, waiting):
        prefix = "class.%s." % kind.__qualname__
        access = (
            lambda: vars(kind),
            lambda name, value: type.__setattr__(kind, name, value),
            lambda name: type.__delattr__(kind, name),
        )
        self._add(owner, _Names(prefix, None, access), kind)
        for name, value in list(vars(kind).items()):
            if not _is_housekeeping(name) or isinstance(value, types.FunctionType):
                waiting.append((prefix + name, value, value))

    def _visit_function(self, owner, path, function, waiting):
        attributes = vars(function)
        access = (lambda: attributes, attributes.__setitem__, attributes.__delitem__)
        self._add(owner, _Names(path + ".", None, access), function)
        for name, value in list(attributes.items()):
            waiting.append(("%s.%s" % (path, name), value, value))
        for value in (function.__defaults__ or ()) + tuple((function.__kwdefaults__ or {}).values()):
            waiting.append((path + ".<default>", value, value))
        for name, cell in zip(getattr(function.__code__, "co_freevars", ()), function.__closure__ or ()):
            if id(cell) not in self._seen:
                self._visit_cell(owner, "%s.<closure>.%s" % (path, name), cell, waiting)

    def _visit_cell(self, owner, path, cell, waiting):
        def read():
            try:
                return [cell.cell_contents]
            except ValueError:
                return []

        def write(saved):
            if saved:
                cell.cell_contents = saved[0]
            else:
                del cell.cell_contents

        self._add(owner, _Content((path, cell), read, write), cell)
        waiting.extend((path, value, value) for value in read())

    def _visit_object(self, owner, path, root, value, waiting):
        """A container, an instance of a class of the subject, or both."""
        content = _content_access(value)
        if content is not None:
            self._add(owner, _Content(root, *content), value)
            waiting.extend((path, root[1], part) for part in content[0]())
        kind = type(value)
        if not self._is_subject(kind) and kind not in STATEFUL:
            return
        attributes = instance_dict(value)
        if attributes is not None:
            access = (lambda: attributes, attributes.__setitem__, attributes.__delitem__)
            self._add(owner, _Names(path, root, access), value)
            waiting.extend((path, root[1], part) for part in list(attributes.values()))
        members = slot_members(kind)
        if members:
            read, write = _slot_access(value, members)
            self._add(owner, _Content(root, read, write), value)
            waiting.extend((path, root[1], part) for part in read() if part is not _ABSENT)


def _is_housekeeping(name):
    return name == "_abc_impl" or (name[:2] == "__" and name[-2:] == "__")


def _is_lru_cache(value):
    if type(value) is _LRU_CACHE and _LRU_CACHE is not types.FunctionType:
        return True
    clear = vars(value).get("cache_clear") if type(value) is types.FunctionType else None
    return clear is not None and getattr(clear, "__module__", None) == "functools"  # written in Python on PyPy


def _content_access(value):
    """(read, write, views) of a builtin container's content, or None."""
    kind = type(value)
    if issubclass(kind, dict):
        views = (value.keys(), value.values()) if kind is dict else ()
        return lambda: list(dict.keys(value)) + list(dict.values(value)), lambda saved: _write_pairs(value, saved), views
    views = (value,) if kind in (list, set, collections.deque) else ()
    if issubclass(kind, list):
        return lambda: list.copy(value), lambda saved: list.__setitem__(value, slice(None), saved), views
    if issubclass(kind, set):
        return lambda: list(set.__iter__(value)), lambda saved: (set.clear(value), set.update(value, saved)), views
    if issubclass(kind, collections.deque):
        deque = collections.deque
        return lambda: list(deque.__iter__(value)), lambda saved: (deque.clear(value), deque.extend(value, saved)), views
    return None


def _write_pairs(target, saved):
    clear = collections.OrderedDict.clear if isinstance(target, collections.OrderedDict) else dict.clear
    store = collections.OrderedDict.__setitem__ if isinstance(target, collections.OrderedDict) else dict.__setitem__
    clear(target)
    half = len(saved) // 2
    for key, value in zip(saved[:half], saved[half:]):
        store(target, key, value)


def _slot_access(value, members):
    def read():
        found = []
        for _, member in members:
            try:
                found.append(member.__get__(value))
            except AttributeError:
                found.append(_ABSENT)
        return found

    def write(saved):
        for (_, member), part in zip(members, saved):
            if part is not _ABSENT:
                member.__set__(value, part)
            else:
                try:
                    member.__delete__(value)
                except AttributeError:
                    pass

    return read, write
