"""Rewrites expressions so that the scheduler is asked right before every shared access.

Enters: expression nodes inside functions.  Leaves: the same expressions with identity wrappers around
the object of each access: `x.a` becomes `_rp_attribute_(x, 7, 'a').a`.  The access itself stays native, so
super(), mangling, descriptors, cells and evaluation order are untouched.
Misses: operators on containers (`a + b`, `a == b`), match patterns, code at module and class level.
"""

import ast

from .container_models import CONTAINER_FUNCTIONS, CONTAINER_METHODS, ITERATING_FUNCTIONS, KEYED_METHODS
from .container_models import WRITING_FUNCTIONS, WRITING_METHODS
from .expression_text import describe, has_location, is_pure, is_repeatable
from .special_calls import SpecialCalls, is_super_call

_ATTRIBUTE_FUNCTIONS = {"getattr": "read", "hasattr": "check", "delattr": "write"}
_FRESH_ITERABLES = frozenset(("range", "list", "tuple", "sorted", "set", "frozenset", "dict", "open"))
_CLOCK_ATTRIBUTES = frozenset(("now", "utcnow", "today"))


class Comprehensions:
    """Of lists, sets and dictionaries.  Up to CPython 3.11 each is a function; a model may want to know of its start."""

    start = None  # name of a builtin to be called before the first element, which returns True


class ExpressionRewriter(SpecialCalls):
    """The expression half of the rewriter; StatementRewriter completes it."""

    # -- names, attributes, items

    def visit_Name(self, node):
        return self._load_name(node, "read") if isinstance(node.ctx, ast.Load) else node

    def _load_name(self, node, access):
        point = self._name_point(node.id, access, node, False)
        if point is None:
            return node
        return ast.copy_location(ast.BoolOp(op=ast.Or(), values=[point, node]), node)

    def visit_Attribute(self, node):
        return self._attribute(node, "read")

    def _attribute(self, node, access):
        if not self._inside or is_super_call(node.value):
            return self.generic_visit(node)
        loads = isinstance(node.ctx, ast.Load)
        name = self._mangled(node.attr)
        site = self._number(access if loads else "write", describe(node), node, not loads, name)
        node.value = self._wrap("attribute", node, self.visit(node.value), site, self._constant(name, node))
        if loads and node.attr in _CLOCK_ATTRIBUTES:
            return self._wrap("clocked", node, node)
        return node

    def visit_Subscript(self, node):
        return self._subscript(node, "read")

    def _subscript(self, node, access):
        if not self._inside:
            return self.generic_visit(node)
        loads = isinstance(node.ctx, ast.Load)
        site = self._number(access if loads else "write", describe(node), node, not loads)
        node.value, node.slice = self._item_parts(node, site)
        return node

    def _item_parts(self, node, site):
        """Container and key of a subscript, wrapped so that the switch point follows the key's evaluation."""
        container, key = self.visit(node.value), node.slice
        if is_repeatable(key, self._is_shared_name):
            return self._wrap("item", node, container, site, key), key
        if is_pure(key, self._is_shared_name):
            return self._wrap("container", node, container, site), key
        if isinstance(key, ast.Slice):
            return self._wrap("container", node, container, site), self.visit(key)
        return self._wrap("hold", node, container, site), self._wrap("key", node, self.visit(key), site)

    def _load(self, node, access):
        """Visit an expression; when it is itself a load, its site gets this kind of access."""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            return self._load_name(node, access)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, access)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, access)
        return self.visit(node)

    # -- calls

    def visit_Call(self, node):
        if not self._inside:
            return self._outside_call(node)
        special = self._special_call(node)
        if special is not None:
            return special
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)
        if isinstance(function, ast.Name) and name in _ATTRIBUTE_FUNCTIONS and _is_plain(node, 2):
            return self._attribute_function(node, name)
        if isinstance(function, ast.Attribute):
            if name in CONTAINER_METHODS and not is_super_call(function.value):
                return self._container_method(node)
            node.func = self._callee(function)
        else:
            node.func = self.visit(function)
        takes_containers = name in CONTAINER_FUNCTIONS
        node.args = [self._argument(argument, name if takes_containers else None) for argument in node.args]
        self._visit_keywords(node)
        return node

    def _outside_call(self, node):
        """Code compiled at module level may run in threads."""
        compiles = isinstance(node.func, ast.Name) and node.func.id == "compile"
        return (self._special_call(node) if compiles else None) or self.generic_visit(node)

    def _callee(self, function):
        """`x.m(...)`: an access only where m may be stored rather than defined as a method."""
        receiver = function.value
        if is_super_call(receiver):
            function.value = self.visit(receiver)
        else:
            sites = self._sites_of_callee(function)
            function.value = self.visit(receiver)
            for wrapper, name, site in sites:
                function.value = self._wrap(wrapper, function, function.value, site, self._constant(name, function))
        return self._wrap("clocked", function, function) if function.attr in _CLOCK_ATTRIBUTES else function

    def _sites_of_callee(self, function):
        """What looking up a method reads: the class where that may be replaced, the name where a function may be stored."""
        assigned, sites = self._assigned_attributes, []
        if "__class__" in assigned:
            text = describe(function.value) + ".__class__"
            sites.append(("attribute", "__class__", self._number("read", text, function, False, "__class__")))
        if function.attr in assigned:
            name = self._mangled(function.attr)
            sites.append(("stored", name, self._number("read", describe(function), function, False, name)))
        return sites

    def _visit_keywords(self, node):
        for keyword in node.keywords:
            if keyword.arg is None:
                keyword.value = self._passed(keyword.value, "iterate", "**%s" % describe(keyword.value))
            else:
                keyword.value = self.visit(keyword.value)

    def _argument(self, node, function_name):
        if function_name is None or not has_location(node):
            return self.visit(node)
        writes = function_name in WRITING_FUNCTIONS
        access = "iterate" if function_name in ITERATING_FUNCTIONS else "call"
        wrapped = self._passed(node, access, "%s(%s)" % (function_name, describe(node)), writes)
        self._site_of(wrapped).consumer = function_name
        return wrapped

    def _passed(self, node, access, text, writes=False):
        """A container handed to something implemented in C, which uses it in one step."""
        site = self._number(access, text, node, writes)
        return self._wrap("passed", node, self.visit(node), site)

    def _attribute_function(self, node, function):
        target, name = node.args[0], node.args[1]
        text = "%s.%s" % (describe(target), name.value if isinstance(name, ast.Constant) else "<%s>" % describe(name))
        access = _ATTRIBUTE_FUNCTIONS[function]
        site = self._number(access, text, node, access == "write")
        if is_repeatable(name, self._is_shared_name):
            rest = [self.visit(argument) for argument in node.args[2:]]
            node.args = [self._wrap("attribute", node, self.visit(target), site, name), name] + rest
            return node
        held = self._wrap("hold_any", node, self.visit(target), site)
        rest = [self.visit(argument) for argument in node.args[2:]]
        node.args = [held, self._wrap("name_key", node, self.visit(name), site)] + rest
        return node

    def _container_method(self, node):
        function = node.func
        name = function.attr
        site = self._number("call", describe(function), node, name in WRITING_METHODS, self._mangled(name))
        arguments = node.args + [keyword.value for keyword in node.keywords]
        method = self._constant(name, node)
        target = self.visit(function.value)
        calls_back = name == "sort" and node.keywords
        if not calls_back and all(is_pure(argument, self._is_shared_name) for argument in arguments):
            keyed = name in KEYED_METHODS and node.args and is_repeatable(node.args[0], self._is_shared_name)
            extra = [node.args[0]] if keyed else []
            function.value = self._wrap("container_call", node, target, site, method, *extra)
            return node
        function.value = self._wrap("hold_call", node, target, site, method)
        node.args = [self.visit(argument) for argument in node.args]
        self._visit_keywords(node)
        self._wrap_last_argument(node, site)
        return node

    def _wrap_last_argument(self, node, site):
        if node.func.attr == "sort" and len(node.keywords) == 1 and node.keywords[0].arg == "key":
            node.keywords[0].value = self._wrap("called_back", node, node.keywords[0].value, site)
            return
        if node.keywords and (not node.args or _starts_later(node.keywords[-1].value, node.args[-1])):
            last = node.keywords[-1]
            last.value = self._wrap("key", node, last.value, site)
        elif isinstance(node.args[-1], ast.Starred):
            node.args[-1].value = self._wrap("key", node, node.args[-1].value, site)
        else:
            node.args[-1] = self._wrap("key", node, node.args[-1], site)

    # -- containers used as a whole

    def visit_Starred(self, node):
        if self._inside and isinstance(node.ctx, ast.Load) and has_location(node.value):
            node.value = self._passed(node.value, "iterate", describe(node))
            return node
        return self.generic_visit(node)

    def visit_Dict(self, node):
        if not self._inside:
            return self.generic_visit(node)
        for index, (key, value) in enumerate(zip(node.keys, node.values)):
            if key is None:
                node.values[index] = self._passed(value, "iterate", "**%s" % describe(value))
            else:
                node.keys[index] = self.visit(key)
                node.values[index] = self.visit(value)
        return node

    def visit_YieldFrom(self, node):
        if self._inside and has_location(node.value):
            node.value = self._passed(node.value, "iterate", describe(node.value))
            return node
        return self.generic_visit(node)

    def visit_Yield(self, node):
        if not self._inside:
            return self.generic_visit(node)
        if node.value is not None:
            node.value = self.visit(node.value)
        return self._wrap("resumed", node, node, self._number("call", "yield", node, True))

    def visit_Compare(self, node):
        if not self._inside:
            return self.generic_visit(node)
        with_none = any(isinstance(part, ast.Constant) and part.value is None for part in [node.left] + node.comparators)
        access = "check" if with_none else "read"
        before = node.left
        node.left = self._load(node.left, access)
        for index, (operator, right) in enumerate(zip(node.ops, node.comparators)):
            if isinstance(operator, (ast.In, ast.NotIn)) and has_location(right):
                node.comparators[index] = self._membership(before, right)
            else:
                node.comparators[index] = self._load(right, access)
            before = right
        return node

    def _membership(self, element, container):
        site = self._number("check", "in %s" % describe(container), container)
        extra = [element] if is_repeatable(element, self._is_shared_name) else []
        return self._wrap("member", container, self.visit(container), site, *extra)

    # -- truth tests

    def _test(self, node):
        """An expression whose truth is asked for."""
        if isinstance(node, ast.BoolOp):
            node.values = [self._test(value) for value in node.values]
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self._test(node.operand)
            return node
        if self._inside and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            text = "bool(%s)" % describe(node)
            loaded = self._load(node, "check")
            return self._wrap("container", node, loaded, self._number("check", text, node))
        return self.visit(node)

    def visit_BoolOp(self, node):
        node.values = [self._test(value) for value in node.values[:-1]] + [self.visit(node.values[-1])]
        return node

    def visit_UnaryOp(self, node):
        node.operand = self._test(node.operand) if isinstance(node.op, ast.Not) else self.visit(node.operand)
        return node

    def visit_IfExp(self, node):
        node.test = self._test(node.test)
        node.body = self.visit(node.body)
        node.orelse = self.visit(node.orelse)
        return node

    # -- nested scopes and iteration

    def _iterable(self, node):
        if not self._inside or not _may_be_shared_iterable(node):
            return self.visit(node)
        text = describe(node)
        site = self._number("iterate", text, node)
        return self._wrap("iterate", node, self.visit(node), site)

    def _comprehension(self, node):
        outer, self._scope = self._scope, self._scopes.of(node)
        for generator in node.generators:
            generator.iter = self.visit(generator.iter) if generator.is_async else self._iterable(generator.iter)
            generator.target = self.visit(generator.target)
            generator.ifs = [self._test(condition) for condition in generator.ifs]
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                setattr(node, part, self.visit(getattr(node, part)))
        if Comprehensions.start is not None and not isinstance(node, ast.GeneratorExp):
            call = ast.Call(func=ast.Name(id=Comprehensions.start, ctx=ast.Load()), args=[], keywords=[])
            node.generators[0].ifs.insert(0, ast.fix_missing_locations(ast.copy_location(call, node)))
        self._scope = outer
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_Lambda(self, node):
        outer = self._scope, self._inside
        self._scope, self._inside = self._scopes.of(node), True
        self._names.append("<lambda>")
        node.body = self.visit(node.body)
        self._names.pop()
        self._scope, self._inside = outer
        return node

    def visit_JoinedStr(self, node):
        outer = self._anchor
        self._anchor = outer or node
        self.generic_visit(node)
        self._anchor = outer
        return node

    def visit_NamedExpr(self, node):
        node.value = self._stored_value(node.target, self.visit(node.value), node)
        return node


def _is_plain(call, least):
    """Whether the call has at least this many positional arguments and none is starred."""
    return len(call.args) >= least and not any(isinstance(argument, ast.Starred) for argument in call.args)


def _starts_later(one, other):
    return (one.lineno, one.col_offset) > (other.lineno, other.col_offset)


def _may_be_shared_iterable(node):
    if isinstance(node, ast.Call):
        return not (isinstance(node.func, ast.Name) and node.func.id in _FRESH_ITERABLES)
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
