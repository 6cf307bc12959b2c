"""What the rewriter needs on Python 3.8 and 3.9.

Unions: lets a subject written for 3.10 be imported: `X | Y` between classes at import time, in annotations and in code
that runs at import, is replaced by a call that falls back to typing.Union.  Used below 3.10 only.
Keys of subscripts: 3.8 wraps them in nodes of their own; the rewriter sees and makes the form of 3.9.
Misses: everything else a newer version brought (match, parenthesized with, zip(strict=...)).
"""

import ast
import builtins
import sys
import typing

_HAS_PLAIN_KEYS = sys.version_info >= (3, 9)


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


class _PlainKeys(ast.NodeTransformer):
    """Keys of subscripts in the form that 3.9 gave them: the expression itself, a tuple for several."""

    def visit_Index(self, node):
        return self.visit(node.value)

    def visit_ExtSlice(self, node):
        dimensions = [self.visit(dimension) for dimension in node.dims]
        return ast.Tuple(elts=dimensions, ctx=ast.Load(), lineno=0, col_offset=0)


class _WrappedKeys(ast.NodeTransformer):
    """The reverse, for compile()."""

    def visit_Subscript(self, node):
        key = node.slice
        has_slices = isinstance(key, ast.Tuple) and any(isinstance(each, ast.Slice) for each in key.elts)
        parts = key.elts if has_slices else [key]
        wrapped = [self.generic_visit(part) if isinstance(part, ast.Slice) else ast.Index(value=self.visit(part)) for part in parts]
        node.value = self.visit(node.value)
        node.slice = ast.ExtSlice(dims=wrapped) if has_slices else wrapped[0]
        return node

    def visit_Slice(self, node):
        """One that the rewriter moved into a call."""
        bounds = [ast.Constant(value=None) if bound is None else self.visit(bound) for bound in (node.lower, node.upper, node.step)]
        return ast.Call(func=ast.Name(id="slice", ctx=ast.Load()), args=bounds, keywords=[])


def parse(source, filename, mode="exec"):
    """ast.parse(), with the keys of subscripts as in 3.9."""
    tree = ast.parse(source, filename, mode)
    return tree if _HAS_PLAIN_KEYS else _PlainKeys().visit(tree)


def finish(tree):
    """The tree as this version's compile() takes it."""
    return ast.fix_missing_locations(tree if _HAS_PLAIN_KEYS else _WrappedKeys().visit(tree))
