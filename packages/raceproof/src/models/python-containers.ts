// What Python's containers do: which callables build them, which methods mutate, which calls stay lazy.
// What enters: nothing. What leaves: tables, each row with its source. Decides nothing.
import type { ContainerKind } from "../vocabulary/index.ts";

/** Callable (fully qualified) -> what it returns. Source: docs.python.org/3/library, builtins, collections, queue, threading, contextvars. */
export const constructedKinds: ReadonlyMap<string, ContainerKind> = new Map<string, ContainerKind>([
  ["builtins.dict", "dict"],
  ["collections.OrderedDict", "dict"],
  ["collections.defaultdict", "dict"],
  ["collections.Counter", "dict"],
  ["collections.ChainMap", "dict"],
  ["weakref.WeakValueDictionary", "weak-values"],
  ["weakref.WeakKeyDictionary", "weak-keys"],
  ["builtins.list", "list"],
  ["builtins.set", "set"],
  ["weakref.WeakSet", "weak-set"],
  ["collections.deque", "deque"],
  ["builtins.frozenset", "immutable"],
  ["array.array", "list"],
  ["builtins.tuple", "immutable"],
  ["types.MappingProxyType", "immutable"],
  ["builtins.iter", "iterator"],
  ["itertools.count", "counter"],
  ["itertools.cycle", "iterator"],
  ["itertools.accumulate", "iterator"],
  ["itertools.takewhile", "iterator"],
  ["itertools.dropwhile", "iterator"],
  ["itertools.groupby", "iterator"],
  ["itertools.product", "iterator"],
  ["itertools.permutations", "iterator"],
  ["itertools.combinations", "iterator"],
  ["csv.reader", "iterator"],
  ["csv.DictReader", "iterator"],
  ["re.finditer", "iterator"],
  ["os.scandir", "iterator"],
  ["builtins.int", "integer"],
  ["builtins.len", "integer"],
  ["builtins.float", "float"],
  ["builtins.str", "text"],
  ["builtins.bool", "boolean"],
  ["builtins.bytes", "text"],
  ["builtins.sorted", "list"],
  ["threading.Lock", "lock"],
  ["threading.RLock", "lock"],
  ["cython.pymutex", "lock"],
  ["cython.pythread_type_lock", "lock"],
  ["threading.Condition", "lock"],
  ["threading.Semaphore", "lock"],
  ["threading.BoundedSemaphore", "lock"],
  ["_thread.allocate_lock", "lock"],
  ["_thread.RLock", "lock"],
  ["threading._RLock", "lock"],
  ["multiprocessing.Lock", "lock"],
  ["multiprocessing.RLock", "lock"],
  ["multiprocessing.Condition", "lock"],
  ["threading.local", "thread-local"],
  ["_thread._local", "thread-local"],
  ["asgiref.local.Local", "thread-local"],
  ["werkzeug.local.Local", "thread-local"],
  ["gevent.local.local", "thread-local"],
  ["eventlet.corolocal.local", "thread-local"],
  ["contextvars.ContextVar", "context-variable"],
  ["queue.Queue", "queue"],
  ["queue.LifoQueue", "queue"],
  ["queue.PriorityQueue", "queue"],
  ["queue.SimpleQueue", "queue"],
]);

/** Names in annotations -> kind. Source: docs.python.org/3/library/typing. */
export const annotatedKinds: ReadonlyMap<string, ContainerKind> = new Map<string, ContainerKind>([
  ["dict", "dict"],
  ["Dict", "dict"],
  ["OrderedDict", "dict"],
  ["DefaultDict", "dict"],
  ["defaultdict", "dict"],
  ["Counter", "dict"],
  ["MutableMapping", "dict"],
  ["Mapping", "dict"],
  ["list", "list"],
  ["List", "list"],
  ["MutableSequence", "list"],
  ["array", "list"],
  ["set", "set"],
  ["Set", "set"],
  ["MutableSet", "set"],
  ["deque", "deque"],
  ["Deque", "deque"],
  ["tuple", "immutable"],
  ["Tuple", "immutable"],
  ["frozenset", "immutable"],
  ["FrozenSet", "immutable"],
  ["int", "integer"],
  ["float", "float"],
  ["str", "text"],
  ["bytes", "text"],
  ["bool", "boolean"],
  ["None", "none"],
  ["Lock", "lock"],
  ["RLock", "lock"],
  ["Iterator", "iterator"],
  ["Generator", "generator"],
  ["WeakValueDictionary", "weak-values"],
  ["WeakKeyDictionary", "weak-keys"],
  ["WeakSet", "weak-set"],
]);

/** What a method does to its receiver. structure: adds or removes elements; order: reorders; element: replaces a value. */
export type MethodEffect = "adds" | "removes" | "reorders" | "reads" | "iterates" | "snapshots";

/** Methods of dict, list, set and deque. Source: docs.python.org/3/library/stdtypes, collections. */
export const containerMethods: ReadonlyMap<string, MethodEffect> = new Map<string, MethodEffect>([
  ["append", "adds"],
  ["appendleft", "adds"],
  ["extend", "adds"],
  ["extendleft", "adds"],
  ["insert", "adds"],
  ["add", "adds"],
  ["update", "adds"],
  ["setdefault", "adds"],
  ["__setitem__", "adds"],
  ["subtract", "adds"],
  ["pop", "removes"],
  ["popleft", "removes"],
  ["popitem", "removes"],
  ["remove", "removes"],
  ["discard", "removes"],
  ["clear", "removes"],
  ["__delitem__", "removes"],
  ["difference_update", "removes"],
  ["intersection_update", "removes"],
  ["symmetric_difference_update", "removes"],
  ["sort", "reorders"],
  ["reverse", "reorders"],
  ["rotate", "reorders"],
  ["move_to_end", "reorders"],
  ["get", "reads"],
  ["index", "reads"],
  ["count", "reads"],
  ["__getitem__", "reads"],
  ["__contains__", "reads"],
  ["items", "iterates"],
  ["keys", "iterates"],
  ["values", "iterates"],
  ["iteritems", "iterates"],
  ["iterkeys", "iterates"],
  ["itervalues", "iterates"],
  ["copy", "snapshots"],
  ["most_common", "snapshots"],
]);

export function mutates(effect: MethodEffect | undefined): boolean {
  return effect === "adds" || effect === "removes" || effect === "reorders";
}

/** Methods only dict-like (or only list-like) objects have: they name the kind when nothing else does. */
export const methodsThatNameTheKind: ReadonlyMap<string, ContainerKind> = new Map<string, ContainerKind>([
  ["items", "dict"],
  ["keys", "dict"],
  ["values", "dict"],
  ["iteritems", "dict"],
  ["iterkeys", "dict"],
  ["itervalues", "dict"],
  ["setdefault", "dict"],
  ["popitem", "dict"],
  ["append", "list"],
  ["extend", "list"],
  ["appendleft", "deque"],
  ["popleft", "deque"],
  ["discard", "set"],
]);

/**
 * Functions that give a live view of the dict passed to them, under whatever module they are imported from (libraries bring copies of
 * six along), with the method they stand for. Source: six.readthedocs.io, "Object model compatibility"; python-future.org, future.utils.
 */
export const viewFunctions: ReadonlyMap<string, string> = new Map<string, string>([
  ["iteritems", "items"],
  ["iterkeys", "keys"],
  ["itervalues", "values"],
  ["viewitems", "items"],
  ["viewkeys", "keys"],
  ["viewvalues", "values"],
]);

/** Wrappers that stay lazy: iterating the result iterates the argument. */
export const lazyWrappers: ReadonlySet<string> = new Set([
  "builtins.enumerate",
  "builtins.zip",
  "builtins.reversed",
  "builtins.iter",
  "itertools.chain",
  "itertools.islice",
]);

/** Lazy wrappers whose first argument is a function: the container comes second. Source: docs.python.org/3/library/functions. */
export const lazyAppliers: ReadonlySet<string> = new Set([
  "builtins.map",
  "builtins.filter",
  "itertools.starmap",
  "itertools.takewhile",
  "itertools.dropwhile",
]);

/** Take the next value from an iterator: a function it is passed to, a method of it. */
export const iteratorAdvancers: ReadonlySet<string> = new Set(["builtins.next", "__next__"]);

/** Functions that mutate a list passed to them. Source: docs.python.org/3/library/heapq, bisect, random. */
export const argumentMutators: ReadonlyMap<string, MethodEffect> = new Map<string, MethodEffect>([
  ["heapq.heappush", "adds"],
  ["heapq.heappop", "removes"],
  ["heapq.heapify", "reorders"],
  ["heapq.heapreplace", "reorders"],
  ["heapq.heappushpop", "reorders"],
  ["bisect.insort", "adds"],
  ["bisect.insort_left", "adds"],
  ["bisect.insort_right", "adds"],
  ["random.shuffle", "reorders"],
]);

/** Operations that need an element to be there: they fail or answer differently when another thread removed it. */
export const elementNeeders: ReadonlySet<string> = new Set(["[]", "del[]", "remove", "pop", "popleft", "popitem", "index", "move_to_end"]);
