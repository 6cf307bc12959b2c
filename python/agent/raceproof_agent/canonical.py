"""Values as canonical text: equal text means the same observable value.

Enters: results and state of one execution.  Leaves: text without addresses; mutable objects are numbered by
first sight over everything rendered with one Renderer, so shared and separate objects differ.
Runs no code of the subject: no __repr__, __eq__, __hash__, __iter__ or property of its classes is called.
Misses: what lies deeper than DEPTH_LIMIT or beyond SIZE_LIMIT pieces (marked with an ellipsis), objects whose
class is neither builtin nor the subject's (only their class is named).
"""

import array
import collections
import datetime
import decimal
import fractions
import io
import types
import weakref

from .container_models import STATEFUL
from .object_layout import attributes_of, instance_dict, slot_members
from .primitives import Lock, RLock
from .text_parts import CUT, DIRECT, text_of_direct, text_of_parts, text_of_string

DEPTH_LIMIT = 40
SIZE_LIMIT = 20_000
MASKED = "masked"
_SCALARS = frozenset((float, complex, type(Ellipsis), type(NotImplemented), range, slice))
_NUMBERS = ["#%d" % number for number in range(2000)]
_VALUES = frozenset(
    (
        datetime.datetime,
        datetime.date,
        datetime.time,
        datetime.timedelta,
        datetime.timezone,
        decimal.Decimal,
        fractions.Fraction,
    )
)
_TEXTUAL = frozenset(
    (("uuid", "UUID"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"), ("pathlib", "PurePosixPath"))
    + (("pathlib", "PureWindowsPath"), ("pathlib._local", "PosixPath"), ("pathlib._local", "PurePosixPath"))
)
_IMMUTABLE = (tuple, frozenset, bool, int, float, complex, str, bytes)
_HEAP_TYPE = 1 << 9  # a class written in Python, unless it is immutable as well (C, since 3.10)
_IMMUTABLE_TYPE = 1 << 8
_ORDERED_ITEMS = collections.OrderedDict.items
_DEQUE_ITEMS = collections.deque.__iter__
_EXCEPTION_ARGUMENTS = BaseException.args.__get__
_WHOLE = slice(None)


class Renderer:
    """Renders any number of values into one numbering.

    The text comes in parts: pieces of text, and pairs (class, value) of plain values.  Equal parts mean equal text, so that
    most executions are told apart without making the text.
    `is_subject(kind)` tells classes whose instances are opened.  A mask is a tree of labels; where it says
    MASKED, the value is left out.
    """

    follows_paths = False  # every value must pass _child() with its label
    depth_limit = DEPTH_LIMIT
    size_limit = SIZE_LIMIT

    def __init__(self, is_subject):
        self._is_subject = is_subject
        self._writers = {}
        self._orders = {}
        self._alone = None  # renders elements of sets, each by itself
        self._parts = []
        self._numbers = {}
        self._alive = []

    def parts(self, value, mask=None, depth=0):
        """The text of a value, in parts; numbering continues from the values rendered before."""
        self._parts = []
        self._child(None, value, depth, mask)
        return tuple(self._parts)

    def render(self, value, mask=None):
        """The text of a value."""
        return text_of_parts(self.parts(value, mask))

    def forget(self):
        """Begin a new numbering and let go of all objects."""
        self._numbers = {}
        self._alive = []
        if len(self._writers) > 5000 or len(self._orders) > 5000:  # classes made anew by every execution
            self._writers, self._orders = {}, {}

    def _child(self, label, value, depth, mask):
        """Write one value; `mask` is the mask of the parent, `label` its place there."""
        if mask is not None:
            mask = mask if label is None else mask.get(label)
            if mask is MASKED:
                self._parts.append("<masked>")
                return
        kind = type(value)
        if kind in DIRECT:
            self._parts.append((kind, value))
        elif kind in _SCALARS:
            self._parts.append(repr(value))
        elif depth > self.depth_limit or len(self._parts) > self.size_limit:
            self._parts.append(CUT)
        else:
            writer = self._writers.get(kind)
            if writer is None:
                writer = self._writers[kind] = self._choose_writer(kind)
            writer(value, depth + 1, mask)

    def _number(self, value):
        """Write the object's number; returns whether it was seen before."""
        numbers = self._numbers
        number = numbers.get(id(value))
        is_known = number is not None
        if not is_known:
            number = numbers[id(value)] = len(numbers) + 1
            self._alive.append(value)
        self._parts.append(_NUMBERS[number] if number < len(_NUMBERS) else "#%d" % number)
        return is_known

    # -- choice by class

    def _choose_writer(self, kind):
        contents = self._contents()
        if kind in (tuple, frozenset):
            return contents[kind]
        if kind in (list, dict, set, bytearray):
            return self._numbered(contents[kind])
        if issubclass(kind, BaseException):
            return self._exception
        if isinstance(getattr(kind, "_member_map_", None), dict):
            return self._enum_member
        for base, content in contents.items():
            if issubclass(kind, base):
                return self._opened(kind, content, base not in _IMMUTABLE)
        if self._is_subject(kind) or kind in STATEFUL:
            return self._opened(kind, None, True)
        return self._named(kind)

    def _contents(self):
        """Writers of the content that a builtin class, or a class derived from it, holds."""
        found = {
            collections.OrderedDict: lambda value, depth, mask: self._pairs(_ORDERED_ITEMS(value), depth, mask),
            dict: lambda value, depth, mask: self._pairs(dict.items(value), depth, mask),
            list: lambda value, depth, mask: self._items(list.__iter__(value), "[]", depth, mask),
            tuple: lambda value, depth, mask: self._items(tuple.__iter__(value), "()", depth, mask),
            collections.deque: lambda value, depth, mask: self._items(_DEQUE_ITEMS(value), "[]", depth, mask),
            set: lambda value, depth, mask: self._unordered(set.__iter__(value), depth, mask),
            frozenset: lambda value, depth, mask: self._unordered(frozenset.__iter__(value), depth, mask),
            bytearray: lambda value, depth, mask: self._say(text_of_string(bytearray.__getitem__(value, _WHOLE))),
            array.array: lambda value, depth, mask: self._say(text_of_string(array.array.tobytes(value))),
            io.BytesIO: self._buffer(io.BytesIO.getvalue),
            io.StringIO: self._buffer(io.StringIO.getvalue),
        }
        for base in (bool, int, float, complex, str, bytes):
            found[base] = self._plain(base.__repr__)
        return found

    def _numbered(self, content):
        def write(value, depth, mask):
            if not self._number(value):
                content(value, depth, mask)

        return write

    def _opened(self, kind, content, mutable):
        """Name, number, inherited content and, for classes of the subject, attributes."""
        name = kind.__qualname__
        with_attributes = content is None or self._is_subject(kind)
        members = slot_members(kind)

        def write(value, depth, mask):
            self._parts.append(name)
            if mutable and self._number(value):
                return
            self._parts.append("(")
            if content is not None:
                content(value, depth, mask)
            if with_attributes:
                attributes = attributes_of(value) if members else instance_dict(value) or {}
                self._attributes(attributes, depth, mask, content is not None)
            self._parts.append(")")

        return write

    def _named(self, kind):
        """The writer for objects that are only named."""
        say = self._say
        if kind in _VALUES:
            return lambda value, depth, mask: say(repr(value))
        if (kind.__module__, kind.__qualname__) in _TEXTUAL:
            return lambda value, depth, mask: say("<%s %s>" % (kind.__qualname__, value))
        if issubclass(kind, weakref.ref):
            return lambda value, depth, mask: say("<weakref>")
        if issubclass(kind, type):
            return lambda value, depth, mask: say("<class %s>" % type.__dict__["__qualname__"].__get__(value))
        if kind is types.ModuleType:
            return lambda value, depth, mask: say("<module %s>" % value.__name__)
        if kind in (types.FunctionType, types.BuiltinFunctionType, types.GeneratorType, types.CoroutineType):
            word = "function" if "function" in kind.__name__ else kind.__name__
            return lambda value, depth, mask: say("<%s %s>" % (word, value.__qualname__))
        if kind is types.MethodType:
            return lambda value, depth, mask: say("<method %s>" % getattr(value.__func__, "__qualname__", "?"))
        if kind in (Lock, RLock):
            return self._identified(lambda value: "<lock held>" if value.locked() else "<lock>")
        name = "<%s>" % kind.__qualname__
        if kind.__flags__ & (_HEAP_TYPE | _IMMUTABLE_TYPE) == _HEAP_TYPE:
            return self._identified(lambda value: name)
        return lambda value, depth, mask: say(name)

    def _identified(self, show):
        """Closed objects, told apart: two threads that got one are not two that got one each."""

        def write(value, depth, mask):
            self._parts.append(show(value))
            self._number(value)

        return write

    def _say(self, text):
        self._parts.append(text)

    # -- content

    def _items(self, values, brackets, depth, mask):
        parts = self._parts
        is_plain = mask is None and not self.follows_paths
        parts.append(brackets[0])
        for index, value in enumerate(values):
            if index:
                parts.append(", ")
            if len(parts) > self.size_limit:
                parts.append(CUT)
                break
            if is_plain and type(value) in DIRECT:
                parts.append((type(value), value))
            else:
                self._child(index, value, depth, mask)
        parts.append(brackets[1])

    def _unordered(self, values, depth, mask):
        """Elements sorted by their text as it would be alone, so that hashing does not show."""
        values = list(values)
        if len(values) > 1:
            values.sort(key=lambda value: self._text_alone(value, depth))
        self._items(values, "{}", depth, mask)

    def _text_alone(self, value, depth):
        kind = type(value)
        if kind in DIRECT:
            return text_of_direct(kind, value)
        if self._alone is None:
            self._alone = type(self)(self._is_subject)
        text = text_of_parts(self._alone.parts(value, None, depth))
        self._alone.forget()
        return text

    def _pairs(self, pairs, depth, mask):
        parts = self._parts
        is_plain = mask is None and not self.follows_paths
        parts.append("{")
        first = True
        for key, value in pairs:
            if not first:
                parts.append(", ")
            first = False
            if len(parts) > self.size_limit:
                parts.append(CUT)
                break
            start = len(parts)
            self._child(None, key, depth, None)
            label = None if is_plain else text_of_parts(parts[start:])
            parts.append(": ")
            if is_plain and type(value) in DIRECT:
                parts.append((type(value), value))
            else:
                self._child(label, value, depth, mask)
        parts.append("}")

    def _buffer(self, get):
        def write(value, depth, mask):
            try:
                self._parts.append(text_of_string(get(value)))
            except ValueError:
                self._parts.append("closed")

        return write

    def _plain(self, show):
        return lambda value, depth, mask: self._parts.append(show(value))

    # -- objects

    def _attributes(self, attributes, depth, mask, separate):
        """Attributes sorted by name: the order of their creation is not observable."""
        parts = self._parts
        is_plain = mask is None and not self.follows_paths
        for name, text in self._in_order(tuple(attributes), separate):
            parts.append(text)
            attribute = attributes[name]
            if is_plain and type(attribute) in DIRECT:
                parts.append((type(attribute), attribute))
            else:
                self._child(name, attribute, depth, mask)

    def _in_order(self, names, separate):
        """(name, text before the value) of attributes; the same names come again and again."""
        found = self._orders.get((names, separate))
        if found is None:
            ordered = sorted(names, key=str)
            found = [(name, ", %s=" % name if separate or index else "%s=" % name) for index, name in enumerate(ordered)]
            self._orders[names, separate] = found
        return found

    def _exception(self, value, depth, mask):
        self._parts.append(type(value).__qualname__)
        if not self._number(value):
            self._items(_EXCEPTION_ARGUMENTS(value), "()", depth, mask)

    def _enum_member(self, value, depth, mask):
        name = (instance_dict(value) or {}).get("_name_")
        self._parts.append("%s.%s" % (type(value).__qualname__, name))
