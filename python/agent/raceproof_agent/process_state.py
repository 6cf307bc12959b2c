"""The parts of the process every execution must find unchanged: environment, current folder, umask, finders of modules, no collector.

Enters: nothing.  Leaves: restore() before an execution.
Misses: the real file system, signal handlers, limits of the process.
"""

import gc
import sys

from .natives import NATIVES


class ProcessState:
    """The state at the moment of construction."""

    def __init__(self):
        self._disable_collector = gc.disable
        self._environment = NATIVES.environ_bytes
        self._saved_environment = dict(self._environment) if self._environment is not None else {}
        self._folder = _current_folder()
        self._umask = NATIVES.umask(0o022)
        NATIVES.umask(self._umask)
        self._modules = {}
        self._finders = [(found, list(found)) for found in (sys.meta_path, sys.path_hooks)]

    def restore(self):
        """Undo changes of the environment, the current folder, the umask, the finders of modules and the collector."""
        self._disable_collector()
        for found, saved in self._finders:
            if found != saved:
                found[:] = saved  # a finder that was left behind would meet the imports of the next driver
        if self._environment is not None and self._environment != self._saved_environment:
            self._restore_environment()
        if _current_folder() != self._folder and self._folder is not None:
            NATIVES.chdir(self._folder)
        if NATIVES.umask(self._umask) != self._umask:
            NATIVES.umask(self._umask)

    def begin_driver(self):
        """What the last driver left is not what the next one imports."""
        self.restore()
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module

    def end_imports(self):
        """Modules that a driver brought along are as they should be from now on."""
        for name, module in list(sys.modules.items()):
            self._modules.setdefault(name, module)

    def _restore_environment(self):
        for name in [name for name in self._environment if name not in self._saved_environment]:
            del self._environment[name]
            NATIVES.unsetenv(name)
        for name, value in self._saved_environment.items():
            if self._environment.get(name) != value:
                self._environment[name] = value
                NATIVES.putenv(name, value)


def _current_folder():
    try:
        return NATIVES.getcwd()
    except OSError:  # it has been removed
        return None
