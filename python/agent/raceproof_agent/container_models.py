"""What is known of Python's mutable builtin objects: which calls read them and which change them.

Enters: nothing.  Leaves: tables and type tests used by the rewriter (names) and at run time (types).
Source: library reference, "Built-in Types", "collections", "heapq", "bisect", "io".
Misses: mutable objects of C extensions; they are opaque here.
"""

import array
import collections
import io
import itertools

READING_METHODS = frozenset(
    "get copy index count union intersection difference symmetric_difference issubset"
    " issuperset isdisjoint most_common elements total tell getvalue getbuffer readable writable seekable tolist"
    " tobytes __getitem__ __contains__ __len__ __iter__ __reversed__ __eq__".split()
)
WRITING_METHODS = frozenset(
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft popleft"
    " extendleft rotate move_to_end subtract difference_update intersection_update symmetric_difference_update"
    " __setitem__ __delitem__ __iadd__ __ior__ frombytes fromlist read readline readlines readinto read1 write"
    " writelines seek truncate flush close send throw __next__".split()
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
READING_FUNCTIONS = frozenset("len bool repr str bytes copy deepcopy dumps dump choice sample bisect bisect_left bisect_right".split())
CONTAINER_FUNCTIONS = WRITING_FUNCTIONS | ITERATING_FUNCTIONS | READING_FUNCTIONS

MAPPINGS = (dict,)
_MUTABLE = (
    dict,
    list,
    set,
    bytearray,
    collections.deque,
    array.array,
    io.BytesIO,
    io.StringIO,
)
_ORDERED = collections.OrderedDict()
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


def is_container(kind):
    """Whether instances of this class are mutable builtin objects or inherit their storage from one."""
    known = _known_classes.get(kind)
    if known is None:
        if len(_known_classes) > 5000:  # classes made anew by every execution
            _known_classes.clear()
        known = _known_classes[kind] = issubclass(kind, _MUTABLE)
    return known


def is_mapping(kind):
    """Whether the class stores its items under keys that can be told apart."""
    return issubclass(kind, MAPPINGS)
