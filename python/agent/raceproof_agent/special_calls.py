"""Rewrites calls that are accesses under another name: setattr, object.__setattr__, operator.setitem, dict.pop(d, k), super().

Enters: call nodes inside functions.  Leaves: the same calls, their last argument behind the switch point, so that it
stands after everything the call evaluates.
Misses: the same functions under another name (`put = operator.setitem`), calls with starred arguments.
"""

import ast

from .container_models import CONTAINER_METHODS, OPERATOR_FUNCTIONS, WRITING_METHODS
from .expression_text import describe, is_repeatable
from .switch_point_builder import SwitchPointBuilder

_BUILTIN_CLASSES = frozenset("dict list set bytearray deque OrderedDict defaultdict Counter".split())
_ATTRIBUTE_METHODS = {"__setattr__": ("write", 3), "__getattribute__": ("read", 2), "__delattr__": ("write", 2)}
_TEXT_FUNCTIONS = frozenset(("exec", "eval", "compile"))


class SpecialCalls(SwitchPointBuilder):
    """The part of the expression rewriter that knows such calls."""

    def _special_call(self, node):
        """The rewritten call, or None when it is an ordinary one."""
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            return None
        function = node.func
        if isinstance(function, ast.Name):
            return self._named_call(node, function.id)
        if not isinstance(function, ast.Attribute):
            return None
        if is_super_call(function.value):
            return self._super_call(node, function.attr)
        if function.attr in OPERATOR_FUNCTIONS:
            return self._operator_call(node, function.attr)
        access, count = _ATTRIBUTE_METHODS.get(function.attr, (None, 0))
        if len(node.args) == count and access is not None:
            return self._attribute_call(node, access)
        if describe(function.value).split(".")[-1] in _BUILTIN_CLASSES and function.attr in CONTAINER_METHODS and node.args:
            return self._unbound_call(node, function.attr)
        return None

    def _named_call(self, node, name):
        if name == "setattr" and len(node.args) == 3:
            return self._attribute_call(node, "write")
        if name == "vars" and len(node.args) == 1:
            site = self._number("read", describe(node.args[0]) + ".__dict__", node, False, "__dict__")
            node.args = [self._wrap("attribute", node, self.visit(node.args[0]), site, self._constant("__dict__", node))]
            return node
        if name in _TEXT_FUNCTIONS:
            return self._text_call(node, name)
        return self._operator_call(node, name) if name in OPERATOR_FUNCTIONS else None

    # -- attributes

    def _attribute_call(self, node, access):
        """f(x, name) or f(x, name, value)."""
        target, name = node.args[0], node.args[1]
        known = isinstance(name, ast.Constant)
        text = "%s.%s" % (describe(target), name.value if known else "<%s>" % describe(name))
        site = self._number(access, text, node, access == "write")
        rest = [self.visit(argument) for argument in node.args[1:]]
        if is_repeatable(name, self._is_shared_name):
            held = self._wrap("hold_named", node, self.visit(target), site, name)
            rest[0] = name
        else:
            held = self._wrap("hold_any", node, self.visit(target), site)
            rest[0] = self._wrap("hold_name", node, rest[0], site)
        node.args = [held] + rest[:-1] + [self._wrap("between", node, rest[-1], site)]
        return node

    # -- containers

    def _operator_call(self, node, name):
        """getitem(x, k), setitem(x, k, v) and so on, however they were imported."""
        writes, count = OPERATOR_FUNCTIONS[name]
        if len(node.args) != count or node.keywords:
            return None
        return self._item_call(node, "write" if writes else "read", writes)

    def _unbound_call(self, node, method):
        """dict.pop(d, k)."""
        return self._item_call(node, "call", method in WRITING_METHODS)

    def _item_call(self, node, access, writes):
        text = "%s(%s)" % (describe(node.func), describe(node.args[0]))
        site = self._number(access, text, node, writes)
        if len(node.args) == 1:
            node.args = [self._wrap("passed", node, self.visit(node.args[0]), site)]
        else:
            key = [node.args[1]] if is_repeatable(node.args[1], self._is_shared_name) else []
            rest = [self.visit(argument) for argument in node.args[1:]]
            held = self._wrap("hold_item", node, self.visit(node.args[0]), site, *key)
            node.args = [held] + rest[:-1] + [self._wrap("between", node, rest[-1], site)]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    # -- super()

    def _super_call(self, node, method):
        """super().m(...) of a container or of __setattr__: the access is made on the method's own object."""
        is_attribute = method in _ATTRIBUTE_METHODS
        if self._own_object is None or not (is_attribute or method in CONTAINER_METHODS):
            return None
        own = self._constant_name(self._own_object, node)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        writes = method in WRITING_METHODS or (is_attribute and _ATTRIBUTE_METHODS[method][0] == "write")
        access = "call" if not is_attribute else _ATTRIBUTE_METHODS[method][0]
        site = self._number(access, "super().%s" % method, node, writes)
        key = [node.args[0]] if node.args and is_repeatable(node.args[0], self._is_shared_name) else []
        wrapper = "beside_attribute" if is_attribute else "beside"
        if is_attribute and not key:
            return node
        if node.args:
            node.args[-1] = self._wrap(wrapper, node, node.args[-1], site, own, *key)
        else:
            node.func.value = self._wrap(wrapper, node, node.func.value, site, own)
        return node

    def _constant_name(self, name, node):
        return ast.copy_location(ast.Name(id=name, ctx=ast.Load()), node)

    # -- source text at run time

    def _text_call(self, node, function):
        """exec(text, ...), eval(text, ...), compile(text, ...): the text is rewritten when it is known."""
        if node.keywords or not node.args or self._inside is None:
            return None
        arguments = [self.visit(argument) for argument in node.args]
        place = [self._constant(function, node), self._constant(self._module, node)]
        texts = self._wrap("texts", node, *(place + arguments))
        node.args = [ast.copy_location(ast.Starred(value=texts, ctx=ast.Load()), node)]
        return node


def is_super_call(node):
    """Whether the expression is a call of super."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
