"""Names the function a line of plain, not instrumented source belongs to; files are read when the first line of them is asked for.

Enters: names of loaded modules.  Leaves: the same places that instrumented modules give, on every Python.
"""

import ast
import sys

from .natives import NATIVES
from .outcome import FunctionSpans

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LONGEST = 1 << 24


class LazySpans(FunctionSpans):
    """FunctionSpans that learns a file when asked for it; `owns(module name)` tells the subject's modules."""

    def __init__(self, owns):
        super().__init__()
        self._owns = owns
        self._asked = set()
        self._loaded = sys.modules

    def learn(self, source, filename, module):
        """A text that is in no file, or whose file is to be read now."""
        self._asked.add(filename)
        self.add(filename, module, _spans_of(source))

    def place(self, filename, line):
        """See FunctionSpans.place."""
        if filename not in self._asked:
            self._asked.add(filename)
            self._learn_file(filename)
        return super().place(filename, line)

    def _learn_file(self, filename):
        for name, module in list(self._loaded.items()):
            if self._owns(name) and getattr(module, "__file__", None) == filename:
                self.learn(_read(filename), filename, name)
                return


def _spans_of(source):
    """[(first line, last line, qualified name)] as the rewriter gives them."""
    found = []

    def visit(node, names):
        for child in ast.iter_child_nodes(node):
            inner = names
            if isinstance(child, _FUNCTIONS + (ast.ClassDef,)):
                inner = names + [child.name]
            if isinstance(child, _FUNCTIONS):
                found.append((child.lineno, child.end_lineno, ".".join(inner)))
            visit(child, inner)

    try:
        visit(ast.parse(source), [])
    except (SyntaxError, ValueError, RecursionError):
        pass
    return found


def _read(path):
    try:
        descriptor = NATIVES.open(path, NATIVES.read_only)
    except OSError:
        return b""
    try:
        parts = []
        while sum(map(len, parts)) < _LONGEST:
            part = NATIVES.read(descriptor, 1 << 16)
            if not part:
                break
            parts.append(part)
        return b"".join(parts)
    finally:
        NATIVES.close(descriptor)
