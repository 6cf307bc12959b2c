"""Imports modules of the standard library without their C parts, instrumented: what an interpreter without these parts runs.

Enters: modules and the names of their C parts.  Leaves: Python twins in sys.modules, for whoever imports them from now on.
The modules of the agent and those imported before keep what they have.
"""

import importlib
import sys

_ABSENT = object()


def import_twins(twins, instrumenter):
    """`twins` is a list of {"module": name, "without": [C modules]}."""
    for twin in twins:
        parts = twin.get("without", [])
        hidden = {part: sys.modules.get(part, _ABSENT) for part in parts}
        sys.modules.update(dict.fromkeys(parts))
        _forget(twin["module"])
        instrumenter.add_twin(twin["module"])
        try:
            importlib.import_module(twin["module"])
        finally:
            _put_back(hidden)


def _forget(module):
    for name in list(sys.modules):
        if name == module or name.startswith(module + "."):
            del sys.modules[name]


def _put_back(hidden):
    for name, module in hidden.items():
        if module is _ABSENT:
            del sys.modules[name]
        else:
            sys.modules[name] = module
