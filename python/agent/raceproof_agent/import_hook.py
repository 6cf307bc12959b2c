"""Rewrites the subject's modules while they are imported.

Enters: module name prefixes.  Leaves: instrumented modules, remembered right after their import.
Compiled caches are neither read nor written: they hold the plain code.  A module that cannot be rewritten is
imported as it is and listed in `skipped`.
"""

import hashlib
import importlib.machinery
import re
import sys

from .statement_rewriter import rewrite

_ASSIGNED = re.compile(rb"\.\s*([A-Za-z_]\w*)\s*(?:[-+*/|&^%@]|//|\*\*|<<|>>)?=(?!=)")
_FINALIZERS = re.compile(rb"__del__|finalize\(|Weak(?:Key|Value|Set)")
_PROTECTED = frozenset("sys builtins threading _thread importlib abc codecs io os site types encodings".split())
_SOURCE_FILES = 5000


class Instrumenter:
    """A meta path finder that hands instrumented loaders to modules with the right names."""

    def __init__(self, sites, spans, remember):
        self._sites = sites
        self._spans = spans
        self._remember = remember
        self._prefixes = ()
        self._searching = set()
        self._twins = ()  # modules of the standard library that are rewritten and are nobody's subject
        self.assigned_attributes = set()
        self.has_finalizers = False
        self.skipped = {}
        self.digests = {}  # of the sources of imported modules

    def install(self, prefixes):
        """Instrument modules whose name is, or begins with, one of the prefixes, from now on."""
        self._prefixes = tuple(prefixes)
        for name in list(sys.modules):
            loader = getattr(getattr(sys.modules[name], "__spec__", None), "loader", None)
            plain = type(loader) is importlib.machinery.SourceFileLoader
            if self.wants(name) and plain and name.split(".")[0] not in _PROTECTED:
                del sys.modules[name]
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)
        for prefix in prefixes:
            self._learn_assignments(prefix)

    def wants(self, name):
        """Whether the module is to be instrumented."""
        return _begins(name, self._prefixes) or _begins(name, self._twins)

    def add_twin(self, name):
        """Instrument this module of the standard library as well; its state is not looked after."""
        self._twins += (name,)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        """See importlib.abc.MetaPathFinder.find_spec."""
        if not self.wants(name) or name in self._searching:
            return None
        self._searching.add(name)
        try:
            spec = self._find_elsewhere(name, path, target)
        finally:
            self._searching.discard(name)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _InstrumentedLoader(spec.loader.name, spec.loader.path, self)
        return spec

    def _find_elsewhere(self, name, path, target):
        for finder in list(sys.meta_path):
            find = getattr(finder, "find_spec", None)
            if finder is not self and find is not None:
                spec = find(name, path, target)
                if spec is not None:
                    return spec
        return None

    def learn(self, source):
        """Collect what a source text (bytes) tells beforehand: attribute names it assigns, finalizers."""
        if _FINALIZERS.search(source):
            self.has_finalizers = True
        self.assigned_attributes.update(name.decode() for name in _ASSIGNED.findall(source))

    def _learn_assignments(self, prefix):
        """Module globals can be rebound from other modules of the subject: find the names beforehand."""
        import os

        spec = self._find_elsewhere(prefix, None, None) if "." not in prefix else None
        if spec is None:
            return
        files = [spec.origin] if spec.has_location and spec.origin.endswith(".py") else []
        for folder in spec.submodule_search_locations or ():
            for parent, _, names in os.walk(folder):
                files += [os.path.join(parent, name) for name in names if name.endswith(".py")]
        for path in files[:_SOURCE_FILES]:
            with open(path, "rb") as stream:
                self.learn(stream.read())

    def compile(self, source, module, filename):
        """Instrumented code of a source text; falls back to plain code when it cannot be rewritten."""
        try:
            tree, spans = rewrite(source, module, filename, self._sites, self.assigned_attributes)
            code = compile(tree, filename, "exec", dont_inherit=True)
        except Exception as error:
            code = compile(source, filename, "exec", dont_inherit=True)  # a syntax error of its own is raised here
            self.skipped[module] = "%s: %s" % (type(error).__name__, error)
            return code
        if not _begins(module, self._twins):
            self._spans.add(filename, module, spans)
        return code

    def imported(self, module):
        """An instrumented module has just been executed."""
        if not _begins(module.__name__, self._twins):
            self._remember(module)


def _begins(name, prefixes):
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


class _InstrumentedLoader(importlib.machinery.SourceFileLoader):
    """Compiles from source, through the rewriter, every time."""

    def __init__(self, name, path, instrumenter):
        super().__init__(name, path)
        self._instrumenter = instrumenter

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        source = self.get_data(path)
        # line ends differ between archives and checkouts of one revision
        self._instrumenter.digests[fullname] = hashlib.sha256(source.replace(b"\r\n", b"\n")).hexdigest()
        return self._instrumenter.compile(source, fullname, path)

    def exec_module(self, module):
        super().exec_module(module)
        self._instrumenter.imported(module)
