"""Shared ground of the rewriters: numbering of sites and construction of wrapper calls.

Enters: syntax nodes and where they stand.  Leaves: registered sites, calls of access points.
"""

import ast

from .expression_text import mangle
from .sites import Site


class SwitchPointBuilder(ast.NodeTransformer):
    """Where the rewriter stands in the module, and the tools it builds with."""

    def __init__(self, place, scopes, sites, assigned_attributes):
        self._module, self._filename = place
        self._scopes = scopes
        self._sites = sites
        self._assigned_attributes = assigned_attributes
        self._names = []  # qualified name so far
        self._classes = []
        self._scope = None
        self._inside = False  # in a function, not in a class body or at module level
        self._own_object = None  # the first parameter of the method
        self._anchor = None  # f-string whose parts have no reliable position
        self._counts = {}

    def _wrap(self, wrapper, node, *arguments):
        """A call of an access point, at the node's position."""
        function = ast.copy_location(ast.Name(id="_rp_%s_" % wrapper, ctx=ast.Load()), node)
        return ast.copy_location(ast.Call(func=function, args=list(arguments), keywords=[]), node)

    def _number(self, access, text, node, writes=False, name=None):
        """Register a site; returns its number as a syntax node."""
        function = ".".join(self._names) or "<module>"
        base = "%s:%s:%s:%s" % (self._module, function, access, text)
        count = self._counts[base] = self._counts.get(base, 0) + 1
        site = Site(base if count == 1 else "%s#%d" % (base, count), self._module, function, access, text)
        position = self._anchor or node
        site.file, site.line, site.column = self._filename, position.lineno, position.col_offset
        site.writes, site.name = writes, name
        return ast.copy_location(ast.Constant(value=self._sites.add(site)), node)

    def _site_of(self, wrapped):
        """The site of an access point that was made by _wrap with the site as its second argument."""
        return self._sites.sites[wrapped.args[1].value]

    def _constant(self, value, node):
        return ast.copy_location(ast.Constant(value=value), node)

    def _is_shared_name(self, name):
        return self._scopes.resolve(self._scope, name) is not None

    def _mangled(self, name):
        return mangle(name, self._classes[-1] if self._classes else None)

    def _closure_of(self, name, node):
        """A function whose only free variable is the name, to get at its cell."""
        nothing = ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])
        body = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), node)
        return ast.copy_location(ast.Lambda(args=nothing, body=body), node)

    def _name_point(self, name, access, node, writes):
        """An expression that is false and passes the switch point of a shared name; None if not shared."""
        sharing = self._scopes.resolve(self._scope, name) if self._inside else None
        if sharing is None:
            return None
        site = self._number(access, name, node, writes, name)
        if sharing == "global":
            return self._wrap("name", node, site)
        return self._wrap("cell", node, site, self._closure_of(name, node))

    def _stored_value(self, target, value, node):
        """The value of an assignment to a name, behind the switch point of the store when the name is shared."""
        if not isinstance(target, ast.Name):
            return value
        point = self._name_point(target.id, "write", node, True)
        return value if point is None else self._wrap("value", node, value, *point.args)
