"""The subject under test: its import paths, instrumented modules and the driver in use.

Enters: the fields of `open`.  Leaves: a Runner for the driver.  The subject is imported once per process.
"""

import sys

from .access_points import publish
from .driver import MODULE, DriverError, load_driver
from .import_hook import Instrumenter
from .module_state import ModuleState
from .outcome import FunctionSpans, OutcomeBook, describe_exception
from .process_state import ProcessState
from .protocol import Refusal
from .randomness import Randomness
from .runs import Runner
from .selector_patch import SelectorPatch
from .sites import SITES
from .threading_patch import install


class Subject:
    """Everything that outlives a driver."""

    def __init__(self, model):
        install()
        publish()
        self.model = model
        self._prefixes = ()
        self.spans = FunctionSpans()
        self.modules = ModuleState(self.owns)
        self.book = OutcomeBook(self.spans, self.owns)
        self.instrumenter = Instrumenter(SITES, self.spans, self.modules.remember)
        self._process = None
        self._randomness = Randomness()
        self._selectors = SelectorPatch(sys.modules)
        model.apply(self.instrumenter)

    def owns(self, kind):
        """Whether a class is defined in the instrumented modules or the driver."""
        module = _module_of(kind)
        if module == MODULE:
            return True
        return any(module == prefix or module.startswith(prefix + ".") for prefix in self._prefixes)

    @property
    def prefixes(self):
        """Prefixes of the instrumented modules."""
        return self._prefixes

    def open(self, paths, prefixes, name, source):
        """Import what the driver imports, instrumented; returns a Runner."""
        for path in reversed(paths):
            if path not in sys.path:
                sys.path.insert(0, path)
        self.modules.find_new_changes()
        self.modules.restore()
        self.instrumenter.learn(source.encode("utf-8", "replace"))
        new_prefixes = tuple(prefix for prefix in prefixes if prefix not in self._prefixes)
        if new_prefixes:
            self._prefixes += new_prefixes
            self.instrumenter.install(self._prefixes)
        SITES.forget(MODULE)
        SITES.select(())
        self.modules.forget(MODULE)
        self.book.clear()
        if self._process is not None:
            self._process.begin_driver()
        driver = self._load(source, name)
        if self._process is None:
            self._process = ProcessState()
        self._process.end_imports()
        self._selectors.apply()
        runner = Runner(driver, self.book, self.modules, (self._process, self._randomness))
        runner.has_finalizers = self.instrumenter.has_finalizers
        return runner

    def _load(self, source, name):
        try:
            return load_driver(source, name, self.instrumenter)
        except DriverError as error:
            raise Refusal("driver", str(error)) from None
        except SyntaxError as error:
            kind = "driver" if (error.filename or "").startswith("<driver") else "import"
            raise Refusal(kind, "%s: %s, line %s" % (error.filename, error.msg, error.lineno)) from None
        except BaseException as error:
            raise refusal_of("import", error, self.spans) from None


def refusal_of(kind, error, spans):
    """A Refusal that carries the message and traceback of an exception of the subject."""
    described = describe_exception(error, spans)
    message = "%s: %s" % (described["exception"], described["message"])
    return Refusal(kind, message, described["traceback"])


def _module_of(kind):
    found = vars(kind).get("__module__")
    return found if isinstance(found, str) else ""
