"""Which names of a module are locations that threads can share.

Enters: the syntax tree of one module and the attribute names that other modules assign.
Leaves: for each function a scope that resolves a name to "global", "cell" or None (not shared).
Misses: names rebound only through globals() or by setattr on a module object.
"""

import ast

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    """Names of one function, class or comprehension."""

    __slots__ = ("global_names", "kind", "local_names", "nonlocal_names", "parent", "rebound")

    def __init__(self, kind, parent):
        self.kind = kind
        self.parent = parent
        self.local_names = set()
        self.global_names = set()
        self.nonlocal_names = set()
        self.rebound = set()

    def owner(self, name):
        """The function scope that binds the name for code in this scope; None when it is a module name."""
        scope = self
        while scope is not None:
            if name in scope.global_names:
                return None
            visible = scope is self or scope.kind != "class"
            if visible and name in scope.local_names and name not in scope.nonlocal_names:
                return scope
            scope = scope.parent
        return None


class ModuleScopes:
    """Scopes of every function, class and comprehension of a module, found by node."""

    def __init__(self, tree, assigned_elsewhere=frozenset()):
        self._scopes = {}
        declared = set()
        self._enter_children(tree, None, declared)
        for scope in self._scopes.values():
            for name in scope.nonlocal_names:
                owner = scope.parent.owner(name) if scope.parent is not None else None
                if owner is not None:
                    owner.rebound.add(name)
        bound = _names_bound(tree.body if isinstance(tree.body, list) else [tree.body])
        self.shared_globals = declared | (bound & assigned_elsewhere)

    def of(self, node):
        """The scope a function, class or comprehension node opens."""
        return self._scopes[node]

    def resolve(self, scope, name):
        """What the name is for code in `scope`: "global" or "cell" when shared, else None."""
        if scope is None:
            return None
        owner = scope.owner(name)
        if owner is None:
            return "global" if name in self.shared_globals else None
        return "cell" if name in owner.rebound else None

    def _enter_children(self, node, scope, declared):
        for child in ast.iter_child_nodes(node):
            self._enter(child, scope, declared)

    def _enter(self, node, scope, declared):
        if isinstance(node, _FUNCTIONS):
            inner = self._open(node, "function", scope)
            inner.local_names.update(_argument_names(node.args))
            body = node.body if isinstance(node.body, list) else [node.body]
            inner.local_names.update(_names_bound(body))
        elif isinstance(node, ast.ClassDef):
            inner = self._open(node, "class", scope)
            inner.local_names.update(_names_bound(node.body))
        elif isinstance(node, _COMPREHENSIONS):
            inner = self._open(node, "comprehension", scope)
            for generator in node.generators:
                inner.local_names.update(_stored_names(generator.target))
        else:
            inner = scope
            if isinstance(node, ast.Global):
                declared.update(node.names)
                if scope is not None:
                    scope.global_names.update(node.names)
            elif isinstance(node, ast.Nonlocal) and scope is not None:
                scope.nonlocal_names.update(node.names)
        self._enter_children(node, inner, declared)

    def _open(self, node, kind, parent):
        scope = self._scopes[node] = Scope(kind, parent)
        return scope


class TextScopes(ModuleScopes):
    """Scopes of a text that exec runs; with `of_module` the names it binds are those of a module."""

    def __init__(self, tree, of_module):
        super().__init__(tree)
        self._of_module = of_module
        if of_module:
            self.shared_globals = self.shared_globals | _names_bound(tree.body)

    def resolve(self, scope, name):
        """See ModuleScopes.resolve."""
        if scope is None and self._of_module:
            return "global" if name in self.shared_globals else None
        return super().resolve(scope, name)


def _argument_names(arguments):
    every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    return {argument.arg for argument in every}


def _stored_names(target):
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def _names_bound(statements):
    """Names bound directly by these statements, not by functions, classes or comprehensions inside."""
    names = set()
    waiting = list(statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, _COMPREHENSIONS):
            names.update(_walrus_names(node))
            continue
        names.update(_names_bound_by(node))
        waiting.extend(ast.iter_child_nodes(node))
    return names


def _walrus_names(comprehension):
    return {node.target.id for node in ast.walk(comprehension) if isinstance(node, ast.NamedExpr)}


def _names_bound_by(node):
    if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
        return (node.id,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ExceptHandler) and node.name:
        return (node.name,)
    # match captures: MatchAs and MatchStar carry a name, MatchMapping a rest (3.10+)
    captured = getattr(node, "name", None) if type(node).__name__ in ("MatchAs", "MatchStar") else getattr(node, "rest", None)
    return (captured,) if isinstance(captured, str) else ()
