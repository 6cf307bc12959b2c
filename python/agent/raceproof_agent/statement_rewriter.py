"""Rewrites statements: scopes, assignments, loops; see expression_rewriter for the idea.

Enters: the source of one module.  Leaves: its instrumented tree and the line spans of its functions.
No statement is ever put before a docstring or a __future__ import: only functions' bodies change.
"""

import ast
import sys

from .expression_rewriter import ExpressionRewriter
from .expression_text import describe, has_location, is_pure, is_repeatable
from .older_syntax import allow_unions, finish, parse
from .scopes import ModuleScopes, TextScopes

_IN_PLACE = (ast.Add, ast.Sub, ast.Mult, ast.BitOr, ast.BitAnd, ast.BitXor)


class StatementRewriter(ExpressionRewriter):
    """The complete rewriter of one module; `spans` lists (first line, last line, qualified name)."""

    def __init__(self, place, scopes, sites, assigned_attributes):
        super().__init__(place, scopes, sites, assigned_attributes)
        self.spans = []

    def rewrite_body(self, tree, name):
        """Rewrite the statements or the expression of a text as if they stood in a function."""
        self._inside = True
        self._names.append(name)
        tree.body = self._body(tree.body) if isinstance(tree.body, list) else self.visit(tree.body)
        return tree

    # -- scopes

    def visit_FunctionDef(self, node):
        # decorators, defaults and annotations belong to the enclosing scope and run once: left alone
        outer = self._scope, self._inside, self._own_object
        first = (node.args.posonlyargs + node.args.args)[:1]
        self._own_object = first[0].arg if first else None
        self._scope, self._inside = self._scopes.of(node), True
        self._names.append(node.name)
        self.spans.append((node.lineno, node.end_lineno, ".".join(self._names)))
        node.body = self._body(node.body)
        self._names.pop()
        self._scope, self._inside, self._own_object = outer
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        outer = self._scope, self._inside
        self._scope, self._inside = self._scopes.of(node), False
        self._names.append(node.name)
        self._classes.append(node.name)
        node.body = self._body(node.body)
        self._classes.pop()
        self._names.pop()
        self._scope, self._inside = outer
        return node

    def _body(self, statements):
        rewritten = []
        for statement in statements:
            result = self.visit(statement)
            rewritten.extend(result if isinstance(result, list) else [result])
        return rewritten

    def visit_TypeAlias(self, node):
        return node  # evaluated lazily in a scope of its own

    # -- assignments

    def visit_Assign(self, node):
        unpacks = any(isinstance(target, (ast.Tuple, ast.List)) for target in node.targets)
        if self._inside and unpacks and has_location(node.value):
            node.value = self._passed(node.value, "iterate", describe(node.value))
        else:
            node.value = self.visit(node.value)
        for target in node.targets:
            node.value = self._stored_value(target, node.value, node)
        node.targets = [self.visit(target) for target in node.targets]
        return node

    def visit_AnnAssign(self, node):
        if node.value is not None:
            node.value = self.visit(node.value)
            node.target = self.visit(node.target)
        return node

    def visit_AugAssign(self, node):
        if not self._inside:
            return self.generic_visit(node)
        target = node.target
        if isinstance(target, ast.Attribute):
            return self._update_attribute(node, target)
        if isinstance(target, ast.Subscript):
            return self._update_item(node, target)
        return self._update_name(node, target)

    def _update_attribute(self, node, target):
        text, name = describe(target), self._mangled(target.attr)
        load = self._number("update", text, target, False, name)
        store = self._number("write", text, target, True, name)
        target.value = self._wrap("update", target, self.visit(target.value), load, self._constant(name, target), store)
        node.value = self._wrap("between", node, self.visit(node.value), store)
        return node

    def _update_item(self, node, target):
        text = describe(target)
        load = self._number("update", text, target)
        store = self._number("write", text, target, True)
        container, key = self.visit(target.value), target.slice
        if is_pure(key, self._is_shared_name):
            known = [key] if is_repeatable(key, self._is_shared_name) else []
            target.value = self._wrap("item_update", target, container, load, store, *known)
        else:
            target.value = self._wrap("hold", target, container, load)
            target.slice = self._key_of_update(key, target, load, store)
        node.value = self._wrap("between", node, self.visit(node.value), store)
        return node

    def _key_of_update(self, key, target, load, store):
        if isinstance(key, ast.Slice):  # a slice cannot be wrapped: its last part is
            for part in ("step", "upper", "lower"):
                if getattr(key, part) is not None:
                    inner = self.visit(getattr(key, part))
                    setattr(key, part, self._wrap("slice_update", target, inner, load, store))
                    break
            return key
        return self._wrap("key_update", target, self.visit(key), load, store)

    def _update_name(self, node, target):
        point = self._name_point(target.id, "update", target, False)
        value = self.visit(node.value)
        if point is not None:
            node.value = self._stored_value(target, value, node)
            return [ast.copy_location(ast.Expr(value=point), node), node]
        if isinstance(node.op, _IN_PLACE) and not isinstance(node.value, ast.Constant):
            site = self._number("update", target.id, target, True)
            current = ast.copy_location(ast.Name(id=target.id, ctx=ast.Load()), target)
            value = self._wrap("in_place", node, value, site, current)
        node.value = value
        return node

    def _announced(self, node, names):
        """The statement, behind the switch points of the shared names it rebinds or deletes."""
        points = [self._name_point(name, "write", node, True) for name in names]
        before = [ast.copy_location(ast.Expr(value=point), node) for point in points if point is not None]
        return before + [node]

    def visit_Delete(self, node):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        node.targets = [self.visit(target) for target in node.targets]
        return self._announced(node, names)

    def visit_Import(self, node):
        return self._announced(node, [alias.asname or alias.name.split(".")[0] for alias in node.names])

    visit_ImportFrom = visit_Import

    # -- control flow

    def visit_For(self, node):
        node.iter = self._iterable(node.iter)
        node.target = self.visit(node.target)
        node.body = self._body(node.body)
        node.orelse = self._body(node.orelse)
        return node

    def visit_If(self, node):
        node.test = self._test(node.test)
        node.body = self._body(node.body)
        node.orelse = self._body(node.orelse)
        return node

    visit_While = visit_If

    def visit_Assert(self, node):
        node.test = self._test(node.test)
        if node.msg is not None:
            node.msg = self.visit(node.msg)
        return node

    def visit_Match(self, node):
        # patterns must stay literal: only the subject, guards and bodies are expressions
        node.subject = self.visit(node.subject)
        for case in node.cases:
            if case.guard is not None:
                case.guard = self._test(case.guard)
            case.body = self._body(case.body)
        return node


def rewrite(source, module, filename, sites, assigned_attributes=frozenset()):
    """Instrument the source of one module.

    Returns (tree ready for compile(), spans of its functions).  Raises SyntaxError or RecursionError.
    """
    tree = parse(source, filename)
    if sys.version_info < (3, 10):
        tree = allow_unions(tree)
    rewriter = StatementRewriter((module, filename), ModuleScopes(tree, assigned_attributes), sites, assigned_attributes)
    tree = rewriter.visit(tree)
    return finish(tree), rewriter.spans


def rewrite_text(text, place, sites, of_module):
    """Instrument a text that exec or eval will run; its statements count as a function's body.

    `place` is the module it runs in, a name for the text and "exec" or "eval"; with `of_module` its names are
    those of the module.  Returns the tree.  Raises SyntaxError, ValueError or RecursionError.
    """
    module, name, mode = place
    tree = parse(text.lstrip(" \t") if mode == "eval" else text, "<string>", mode)
    rewriter = StatementRewriter((module, "<string>"), TextScopes(tree, of_module), sites, frozenset())
    return finish(rewriter.rewrite_body(tree, name))
