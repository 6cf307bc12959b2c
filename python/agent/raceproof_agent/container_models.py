"""What is known of Python's mutable builtin objects: which calls read them and which change them.

Enters: nothing.  Leaves: tables and type tests used by the rewriter (names) and at run time (types).
Source: library reference, "Built-in Types", "collections", "weakref", "heapq", "bisect", "operator", "io".
Containers of the standard library that are written in Python count as one object with keys; their insides are not seen.
Misses: mutable objects of C extensions; they are opaque here.
"""

import array
import collections
import io
import itertools
import queue
import threading
import types
import weakref

READING_METHODS = frozenset(
    "get copy index count union intersection difference symmetric_difference issubset"
    " issuperset isdisjoint most_common elements total tell getvalue getbuffer readable writable seekable tolist"
    " tobytes empty full qsize is_set isSet __getitem__ __contains__ __len__ __iter__ __reversed__ __eq__".split()
)
WRITING_METHODS = frozenset(
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft popleft"
    " extendleft rotate move_to_end subtract difference_update intersection_update symmetric_difference_update"
    " __setitem__ __delitem__ __iadd__ __ior__ frombytes fromlist read readline readlines readinto read1 write"
    " writelines seek truncate flush close send throw put put_nowait get_nowait set __next__".split()
)
CONTAINER_METHODS = READING_METHODS | WRITING_METHODS
KEYED_METHODS = frozenset(("get", "pop", "setdefault", "__getitem__", "__contains__", "__setitem__", "__delitem__"))

WRITING_FUNCTIONS = frozenset(
    "heappush heappop heapify heapreplace heappushpop heapify_max heappush_max heappop_max insort insort_left"
    " insort_right shuffle next".split()
)
ITERATING_FUNCTIONS = frozenset(
    "list tuple set frozenset dict sorted sum min max any all enumerate zip map filter reversed iter join chain"
    " from_iterable islice nlargest nsmallest fsum reduce fromkeys deque OrderedDict Counter defaultdict merge".split()
)
# what they return walks later, when it is asked for an item
LAZY_FUNCTIONS = frozenset("enumerate zip map filter reversed iter chain from_iterable islice merge".split())
# a mapping means something else to them than its keys
MAPPING_FUNCTIONS = frozenset("OrderedDict Counter defaultdict".split())
READING_FUNCTIONS = frozenset("len bool repr str bytes copy deepcopy dumps dump choice sample bisect bisect_left bisect_right".split())
CONTAINER_FUNCTIONS = WRITING_FUNCTIONS | ITERATING_FUNCTIONS | READING_FUNCTIONS

# operator.<name>: whether it writes, number of arguments
OPERATOR_FUNCTIONS = {"getitem": (False, 2), "contains": (False, 2), "setitem": (True, 3), "delitem": (True, 2)}

_MAPPINGS = (
    dict,
    collections.ChainMap,
    collections.UserDict,
    weakref.WeakKeyDictionary,
    weakref.WeakValueDictionary,
)
_MUTABLE = _MAPPINGS + (
    list,
    set,
    bytearray,
    collections.deque,
    collections.UserList,
    weakref.WeakSet,
    array.array,
    io.BytesIO,
    io.StringIO,
)
_ORDERED = collections.OrderedDict()
# get() takes something out of these
QUEUES = tuple(
    kind
    for kind in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, getattr(queue, "_PySimpleQueue", None))
    if kind is not None
)
_MUTABLE += QUEUES + (threading.Event,)

# objects of the library written in Python whose attributes are the state a subject keeps in them
STATEFUL = frozenset(
    QUEUES
    + (
        types.SimpleNamespace,
        collections.ChainMap,
        collections.UserDict,
        collections.UserList,
        threading.Event,
        threading.Semaphore,
        threading.BoundedSemaphore,
    )
)
VIEWS = frozenset(
    type(view)
    for mapping in ({}, _ORDERED)
    for view in (mapping.keys(), mapping.values(), mapping.items())
)


def _generator():
    yield


ITERATORS = frozenset(
    type(iterator)
    for iterator in (
        _generator(),
        iter([]),
        iter(()),
        iter({}),
        iter({}.values()),
        iter({}.items()),
        iter(set()),
        reversed([]),
        enumerate([]),
        zip(),
        map(len, []),
        filter(None, []),
        itertools.count(),
        itertools.cycle([]),
        itertools.chain(),
        itertools.islice([], 1),
    )
)

_known_classes = {}
_NOTHING, _PLAIN, _KEYED = range(3)


def _storage(kind):
    """How instances of the class store their items."""
    known = _known_classes.get(kind)
    if known is None:
        if len(_known_classes) > 5000:  # classes made anew by every execution
            _known_classes.clear()
        bases = kind.__mro__
        known = _KEYED if _inherits(bases, _MAPPINGS) else _PLAIN if _inherits(bases, _MUTABLE) else _NOTHING
        _known_classes[kind] = known
    return known


def _inherits(bases, wanted):
    return any(base is candidate for base in bases for candidate in wanted)


def is_container(kind):
    """Whether instances of this class are mutable builtin objects or inherit their storage from one."""
    return _storage(kind) is not _NOTHING


def is_mapping(kind):
    """Whether the class stores its items under keys that can be told apart."""
    return _storage(kind) is _KEYED
