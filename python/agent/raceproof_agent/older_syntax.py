"""Lets a subject written for Python 3.10 be imported by 3.9: `X | Y` between classes at import time.

Enters: a syntax tree.  Leaves: the tree with such unions, in annotations and in code that runs at import,
replaced by a call that falls back to typing.Union.  Used below 3.10 only; the reply to `open` says so.
Misses: everything else a newer version brought (match, parenthesized with, zip(strict=...)).
"""

import ast
import builtins
import typing


def union(left, right):
    """left | right, also for classes."""
    try:
        return left | right
    except TypeError:
        return typing.Union[left, right]


class _UnionRewriter(ast.NodeTransformer):
    """Replaces | outside function bodies."""

    def visit_FunctionDef(self, node):
        node.args = self.visit(node.args)
        node.returns = None if node.returns is None else self.visit(node.returns)
        node.body = [_InnerRewriter().visit(statement) for statement in node.body]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.BitOr):
            return node
        function = ast.copy_location(ast.Name(id="_rp_union_", ctx=ast.Load()), node)
        return ast.copy_location(ast.Call(func=function, args=[node.left, node.right], keywords=[]), node)


class _InnerRewriter(ast.NodeTransformer):
    """Finds functions and classes defined inside functions, whose annotations run as well."""

    def visit_FunctionDef(self, node):
        return _UnionRewriter().visit_FunctionDef(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        return _UnionRewriter().visit(node)


def allow_unions(tree):
    """Rewrite the tree in place and publish what it calls."""
    builtins._rp_union_ = union
    return _UnionRewriter().visit(tree)
