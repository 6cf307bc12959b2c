"""The names that expressions about a built extension may use, and where its own names are found.

Enters: names of modules.  Leaves: a scope: m (the first module), m1, m2 (the others), f (a callback that lets other threads run),
k (keeps what it is given alive, where `kept` is a list), b (many bytes), l and d (a small list and dictionary).  Each expression gets its own o, an object that the collector follows.
"""

import importlib
import sys
import time
import types


class Holder:
    """Holds what is put into it, as instances of Python classes do."""


class Scope:
    """Evaluates expressions about the modules of a request."""

    def __init__(self, modules):
        self._modules = [importlib.import_module(name) for name in modules]
        names = ["m"] + ["m%d" % number for number in range(1, len(modules))]
        self._paths = list(zip(names, self._modules))
        self.kept = None
        self.names = dict(self._paths, k=self._keep, f=_pause, b=bytes(range(256)) * 256, l=[[]], d={"k": []})

    def evaluate(self, expression, held=None):
        """Nobody else keeps the object that is passed for `o`, unless the caller does."""
        return eval(expression, dict(self.names, o=Holder() if held is None else held))

    def _keep(self, value):
        """What an object was made from may have to outlive it; where it is counted who holds what, nobody else may."""
        if self.kept is not None:
            self.kept.append(value)
        return value

    def find(self, name, hints):
        """("m.sub.Name", value) of an exported name: the path that has most of the hints, the shortest of those."""
        found = [(path + "." + name, getattr(module, name)) for path, module in self._namespaces() if name in vars(module)]
        found.sort(key=lambda each: (-len(set(hints).intersection(each[0].split("."))), len(each[0])))
        return found[0] if found else None

    def _namespaces(self):
        waiting, seen = list(self._paths), set()
        while waiting:
            path, module = waiting.pop(0)
            if id(module) in seen:
                continue
            seen.add(id(module))
            yield path, module
            for name, value in sorted(vars(module).items()):
                if isinstance(value, types.ModuleType) and not _is_foreign(value):
                    waiting.append((path + "." + name, value))


def _is_foreign(module):
    """Of Python itself, or a file of Python: no part of an extension."""
    return module.__name__ in sys.builtin_module_names or not str(getattr(module, "__file__", None) or ".so").endswith((".so", ".pyd"))


def _pause(*_):
    """What a callback may do at any time: let other threads run."""
    time.sleep(0.01)
