"""Identity wrappers for calls that are accesses under another name; see special_calls and access_points.

Enters: arguments of such calls and the number of their site.  Leaves: the same arguments, unchanged.
"""

import builtins
import sys
import zlib

from .container_models import is_container, is_mapping
from .scheduler import SCHEDULER
from .sites import SITES
from .statement_rewriter import rewrite_text

_active = SITES.active
_reach = SCHEDULER.reach
_TEXTS = 2_000


def hold_named(target, site, name):
    """The object of setattr(x, name, <expression>)."""
    if _active[site]:
        SCHEDULER.hold(site, target, name)
    return target


def hold_name(name, site):
    """The computed name that belongs to the object held last."""
    if _active[site]:
        held = SCHEDULER.release_hold(site)
        if held is not None:
            SCHEDULER.hold(site, held[1], name)
    return name


def hold_item(target, site, *key):
    """The container of setitem(x, key, <expression>)."""
    if _active[site]:
        kind = type(target)
        if is_container(kind):
            SCHEDULER.hold(site, target, key[0] if key and is_mapping(kind) else None)
    return target


def beside(value, site, target, *key):
    """The last thing evaluated before super().method(...) of a container."""
    if _active[site]:
        kind = type(target)
        if is_container(kind):
            _reach(site, target, key[0] if key and is_mapping(kind) else None)
    return value


def beside_attribute(value, site, target, name):
    """The last thing evaluated before super().__setattr__(name, value)."""
    if _active[site]:
        _reach(site, target, name)
    return value


def resumed(sent, site):
    """A generator goes on after a yield: whoever drives it at the same time meets it running."""
    if _active[site]:
        _reach(site, sys._getframe(1), None)
    return sent


def called_back(function, site):
    """The key function of a list that is being sorted: called between two steps of the sort."""
    if not _active[site] or function is None:
        return function
    held = SCHEDULER.release_hold(site)
    if held is None:
        return function
    target = held[1]
    _reach(site, target, None)

    def call(item):
        _reach(site, target, None)
        return function(item)

    return call


class Texts:
    """Source texts handed to exec, eval and compile, rewritten once each."""

    def __init__(self):
        self._known = {}

    def texts(self, function, module, *arguments):
        """The arguments of the call, with code or a tree that passes switch points instead of the text."""
        mode = function if function != "compile" else (arguments[2] if len(arguments) == 3 else None)
        text = arguments[0]
        if type(text) is not str or mode not in ("exec", "eval") or not _may_see_builtins(function, arguments):
            return arguments
        of_module = function == "exec" and _is_namespace_of_module(arguments)
        tree = self._tree(text, module, mode, of_module)
        if tree is None:
            return arguments
        return (tree if function == "compile" else compile(tree, "<string>", mode, dont_inherit=True),) + arguments[1:]

    def _tree(self, text, module, mode, of_module):
        key = (text, module, mode, of_module)
        if key not in self._known:
            if len(self._known) > _TEXTS:
                return None
            name = "<%s %08x>" % (mode, zlib.crc32(text.encode("utf-8", "replace")))
            try:
                self._known[key] = rewrite_text(text, (module, name, mode), SITES, of_module)
            except (SyntaxError, ValueError, RecursionError):
                self._known[key] = None  # the call itself says what is wrong with it
        return self._known[key]


def _may_see_builtins(function, arguments):
    """Whether names of the agent are visible to code that runs in these globals."""
    if function == "compile" or len(arguments) < 2 or type(arguments[1]) is not dict:
        return True
    inner = arguments[1].get("__builtins__", builtins)
    return inner is builtins or inner is vars(builtins)


def _is_namespace_of_module(arguments):
    if len(arguments) < 2 or type(arguments[1]) is not dict or (len(arguments) > 2 and arguments[2] is not arguments[1]):
        return False
    module = sys.modules.get(arguments[1].get("__name__"))
    return module is not None and vars(module) is arguments[1]


CALL_POINTS = (hold_named, hold_name, hold_item, beside, beside_attribute, resumed, called_back, Texts().texts)
