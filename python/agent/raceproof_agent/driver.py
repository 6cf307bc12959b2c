"""Driver files: setup, operations, observe, invariant.

Enters: Python text.  Leaves: programs for the scheduler; see protocol/README.md, "Driver file".
"""

import sys
import types

from .garbage import COLLECTION, collection
from .relaxed_outcomes import RELAXATIONS

MODULE = "raceproof_driver"


class DriverError(Exception):
    """The text breaks the driver format."""


class Driver:
    """One loaded driver."""

    def __init__(self, module, name):
        self.name = name
        namespace = vars(module)
        self._setup = _function(namespace, "setup")
        self._observe = _function(namespace, "observe")
        self._invariant = _function(namespace, "invariant")
        self.is_isolated = _flag(namespace, "isolated")
        self.must_pass = _flag(namespace, "must_pass")
        self.collects_garbage = _flag(namespace, "collects_garbage")
        self.relaxations = _relaxations(namespace)
        self.threads = _threads(namespace) + ([(COLLECTION, [collection])] if self.collects_garbage else [])
        if len(self.threads) < 2:
            raise DriverError("a driver needs at least two operations, or a list `threads` of at least two lists")
        self._programs = [
            (label, [(operation, _takes_state(operation)) for operation in operations]) for label, operations in self.threads
        ]

    @property
    def observes(self):
        """Whether observe() replaces the automatic dump of the state."""
        return self._observe is not None

    @property
    def has_invariant(self):
        """Whether there is an invariant()."""
        return self._invariant is not None

    def describe(self):
        """The driver as the reply to `open`."""
        threads = []
        for label, operations in self.threads:
            threads.append({"name": label, "operations": [_name(operation) for operation in operations]})
        return {
            "threads": threads,
            "observe": self.observes,
            "invariant": self.has_invariant,
            "isolated": self.is_isolated,
            "collectsGarbage": self.collects_garbage,
            "relaxations": self.relaxations,
        }

    def prepare(self):
        """The state for one execution: the result of setup(), None without one."""
        return None if self._setup is None else self._setup()

    def programs(self, state):
        """[(name, [callable without parameters, ...]), ...] for one execution."""
        return [
            (label, [_bind(operation, state) if takes else operation for operation, takes in operations])
            for label, operations in self._programs
        ]

    def observe(self, state):
        """What the outcome shows as state."""
        return state if self._observe is None else self._observe(state)

    def broken_invariant(self, state):
        """Why the invariant does not hold, or an empty text."""
        if self._invariant is None:
            return ""
        try:
            return "" if self._invariant(state) else "invariant returned a false value"
        except Exception as error:
            return "invariant raised %s" % type(error).__qualname__


def load_driver(source, name, instrumenter):
    """Execute a driver text, instrumented.  Raises DriverError for a wrong format, anything for a failing import."""
    filename = "<driver %s>" % name
    module = types.ModuleType(MODULE)
    module.__file__ = filename
    code = instrumenter.compile(source, MODULE, filename)
    sys.modules[MODULE] = module
    exec(code, vars(module))
    driver = Driver(module, name)
    instrumenter.imported(module)
    return driver


def _function(namespace, name):
    found = namespace.get(name)
    if found is not None and not callable(found):
        raise DriverError("%s is not a function" % name)
    return found


def _flag(namespace, name):
    found = namespace.get(name, False)
    if not isinstance(found, bool):
        raise DriverError("%s is neither True nor False" % name)
    return found


def _relaxations(namespace):
    declared = namespace.get("relaxations", [])
    if not isinstance(declared, (list, tuple)) or not all(each in RELAXATIONS for each in declared):
        raise DriverError("relaxations is not a list of %s" % " and ".join(map(repr, RELAXATIONS)))
    return list(declared)


def _threads(namespace):
    """[(name, [operation, ...]), ...] in order of definition."""
    listed = namespace.get("threads")
    if listed is None:
        operations = [
            value for name, value in namespace.items() if name.startswith("operation") and isinstance(value, types.FunctionType)
        ]
        threads = [(_name(operation), [operation]) for operation in operations]
    elif not isinstance(listed, (list, tuple)):
        raise DriverError("threads must be a list of lists of functions")
    else:
        threads = [_listed_thread(index, operations) for index, operations in enumerate(listed)]
    return threads


def _listed_thread(index, operations):
    if not isinstance(operations, (list, tuple)) or not operations or not all(callable(operation) for operation in operations):
        raise DriverError("threads[%d] must be a list of functions, and not empty" % index)
    return (_name(operations[0]) if len(operations) == 1 else "thread_%d" % index, operations)


def _name(operation):
    return getattr(operation, "__name__", None) or type(operation).__name__


def _takes_state(operation):
    """Whether the operation has a parameter for the state."""
    function, bound = operation, 0
    if isinstance(operation, types.MethodType):
        function, bound = operation.__func__, 1
    code = getattr(function, "__code__", None)
    if code is None:
        return True
    if code.co_flags & 0x180:  # CO_COROUTINE | CO_ITERABLE_COROUTINE
        raise DriverError("%s is a coroutine function; operations are plain functions" % _name(operation))
    return code.co_argcount > bound or bool(code.co_flags & 0x04)


def _bind(operation, state):
    return lambda: operation(state)
