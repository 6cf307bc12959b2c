# Checks by syntax alone (`ast`, standard library only) that fixed shapes have not come back. Run by pytest, or as a program:
#     python FILE [ROOT ...]      prints what it finds; exit code 1 when there is something
# Waive a place with a comment on its line, or alone above it, or at its def: `# thread_safe_ok: why`, or
# `# raceproof: allow[RULE] why`, with until=YYYY-MM-DD after the brackets when it shall end. No line numbers are stored.
# Sees locks in the same function only: where all callers hold one, waive the place and say so.
import ast
import collections
import datetime
import fnmatch
import importlib.util
import io
import json
import os
import re
import sys
import tokenize

Place = collections.namedtuple("Place", "file function name shape line")
Report = collections.namedtuple("Report", "flagged waived exempt stale problems")

LOCK_NAME = re.compile(CONFIG["locks"], re.IGNORECASE)
LOCK_MAKERS = {"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore"}
CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "__setstate__", "__init_subclass__", "__set_name__"}
VIEWS = {"items", "values", "keys"}
TAKERS = {"heappop", "pop", "popleft", "popitem", "remove"}
WAIVER = re.compile(r"#.*\bthread_safe_ok\b", re.IGNORECASE)
ALLOWANCE = re.compile(r"#+\s*raceproof\s*:\s*allow\s*\[([^\]]*)\]\s*(.*)$", re.IGNORECASE)
UNTIL = re.compile(r"(?:^|\s)until\s*=\s*(\S+)")


def name_of(node):
    """What a place is called: x for a.x and for a global x, [k] for a["k"], and the name behind any other subscript."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript):
        key = node.slice.value if type(node.slice).__name__ == "Index" else node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return "[%s]" % key.value
        return name_of(node.value)
    return None


def same(first, second):
    return strip(first) == strip(second)


def strip(node):
    return re.sub(r"ctx=\w+\(\)", "", ast.dump(node))


def is_shared(node):
    """An attribute, or an item of something: what other threads may see."""
    return isinstance(node, ast.Attribute) or (isinstance(node, ast.Subscript) and name_of(node) is not None)


def targets_of(statement):
    if isinstance(statement, (ast.Assign, ast.Delete)):
        for target in statement.targets:
            for leaf in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                yield leaf.value if isinstance(leaf, ast.Starred) else leaf
    elif isinstance(statement, ast.AugAssign) or (isinstance(statement, ast.AnnAssign) and statement.value):
        yield statement.target


class Scope:
    """A module, class or function, and what is known inside it."""

    def __init__(self, node, outer, kind):
        self.kind, self.outer, self.node = kind, outer, node
        own = getattr(node, "name", "")
        self.qualname = own if outer is None or not outer.qualname else outer.qualname + "." + own
        self.globals = {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names} if kind == "function" else set()
        arguments = node.args.args if kind == "function" and hasattr(node, "args") else []
        self.first = arguments[0].arg if arguments else None

    @property
    def is_import_time(self):
        return self.kind == "module" or (self.kind == "class" and self.outer.is_import_time)

    def constructs(self, target):
        """Whether the target belongs to the object that is being made here."""
        while isinstance(target, (ast.Attribute, ast.Subscript)):
            target = target.value
        return self.kind == "function" and self.node.name in CONSTRUCTORS and isinstance(target, ast.Name) and target.id == self.first


class Finder:
    """Walks one module; `places` are (Place, span, exemption)."""

    def __init__(self, file, tree):
        self.file, self.places = file, []
        self.locks = {name_of(t) for s in ast.walk(tree) if isinstance(s, ast.Assign) and makes_lock(s.value) for t in s.targets}
        self.globals = {name for each in ast.walk(tree) if isinstance(each, ast.Global) for name in each.names}
        self.classes = {each.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef)} | {"cls"}
        self.modules = set()
        for each in ast.walk(tree):
            if isinstance(each, (ast.Import, ast.ImportFrom)):
                names = {(alias.asname or alias.name).partition(".")[0] for alias in each.names}
                self.modules |= {name for name in names if not name[:1].isupper()}
                self.classes |= {name for name in names if name[:1].isupper() and isinstance(each, ast.ImportFrom)}
        self.visit_block(tree.body, Scope(tree, None, "module"), False)

    def is_lock(self, node):
        node = node.func if isinstance(node, ast.Call) else node
        name = name_of(node)
        return name is not None and (name in self.locks or bool(LOCK_NAME.search(name)))

    def visit_block(self, block, scope, held):
        for position, statement in enumerate(block):
            before = block[position - 1] if position else None
            acquired = isinstance(statement, ast.Try) and is_call_of(before, "acquire") and self.is_lock(before.value.func.value)
            self.visit(statement, scope, held or acquired)

    def visit(self, statement, scope, held):
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            kind = "class" if isinstance(statement, ast.ClassDef) else "function"
            self.visit_block(statement.body, Scope(statement, scope, kind), any(self.is_lock(each) for each in statement.decorator_list))
            return
        if not held:
            self.match(statement, scope)
        held = held or (isinstance(statement, (ast.With, ast.AsyncWith)) and any(self.is_lock(item.context_expr) for item in statement.items))
        for field in ("body", "orelse", "finalbody"):
            self.visit_block(getattr(statement, field, None) or [], scope, held)
        for part in list(getattr(statement, "handlers", ())) + list(getattr(statement, "cases", ())):
            self.visit_block(part.body, scope, held)

    def add(self, shape, node, statement, scope):
        name = name_of(node)
        if name is None:
            return
        exempt = "import time" if scope.is_import_time else "construction" if scope.constructs(node) else None
        last = statement.body[0].lineno - 1 if getattr(statement, "body", None) else (getattr(statement, "end_lineno", None) or statement.lineno)
        place = Place(self.file, scope.qualname or "<module>", name, shape, statement.lineno)
        self.places.append((place, (statement.lineno, max(last, statement.lineno)), exempt))

    def match(self, statement, scope):
        self.match_stores(statement, scope)
        for expression in own_expressions(statement):
            for node in ast.walk(expression):
                self.match_iteration(node, statement, scope)
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            self.add_iterated(statement.iter, statement, scope)
        if isinstance(statement, (ast.If, ast.While)):
            self.match_check(statement, scope)

    def match_stores(self, statement, scope):
        for target in targets_of(statement):
            is_global = isinstance(target, ast.Name) and (target.id in scope.globals or (scope.is_import_time and target.id in self.globals))
            if self.is_update(statement, target) and (is_shared(target) or is_global):
                self.add("update", target, statement, scope)
            elif is_global or (is_named(target, self.modules) and not scope.is_import_time):
                self.add("global-store", target, statement, scope)
            elif is_named(target, self.classes) and not scope.is_import_time:
                self.add("class-store", target, statement, scope)
            elif isinstance(target, ast.Subscript) and is_none(getattr(statement, "value", None)) and is_shared(target.value):
                self.add("slot-cleared", target.value, statement, scope)
        if is_call_of(statement, "append") and scope.kind == "function":
            box = statement.value.func.value
            if is_shared(box) and any(is_length_of(node, box) for node in ast.walk(scope.node)):
                self.add("append-then-length", box, statement, scope)

    def is_update(self, statement, target):
        if isinstance(statement, ast.AugAssign):
            return True
        return isinstance(statement, ast.Assign) and any(same(node, target) for node in ast.walk(statement.value) if type(node) is type(target))

    def match_iteration(self, node, statement, scope):
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            for generator in node.generators:
                self.add_iterated(generator.iter, statement, scope)

    def add_iterated(self, source, statement, scope):
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr in VIEWS and not source.args:
            source = source.func.value
        if isinstance(source, ast.Attribute):
            self.add("iteration", source, statement, scope)

    def match_check(self, statement, scope):
        checked = [node for node in ast.walk(statement.test) if is_shared(node)]
        negated = isinstance(statement.test, (ast.Compare, ast.UnaryOp))
        for node in (inner for part in statement.body for inner in ast.walk(part)):
            box = taken_from(node)
            if box is not None and is_shared(box) and any(same(box, each) for each in checked):
                self.add("check-then-take", box, statement, scope)
            for target in targets_of(node) if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Delete)) else ():
                held = target.value if isinstance(target, ast.Subscript) else target
                if negated and is_shared(held) and any(same(held, each) for each in checked):
                    self.add("check-then-store" if held is not target else "filled-when-empty", held, statement, scope)


def makes_lock(value):
    return isinstance(value, ast.Call) and name_of(value.func) in LOCK_MAKERS


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def is_named(target, bases):
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in bases


def is_call_of(statement, method):
    call = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == method


def is_length_of(node, box):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1 and same(node.args[0], box)


def taken_from(node):
    """The container an element is taken out of by this call."""
    if not isinstance(node, ast.Call) or name_of(node.func) not in TAKERS:
        return None
    if name_of(node.func) == "heappop":
        return node.args[0] if node.args else None
    return node.func.value if isinstance(node.func, ast.Attribute) else None


def own_expressions(statement):
    """The expressions of a statement itself, without those of its block."""
    for value in (each for _, field in ast.iter_fields(statement) for each in (field if isinstance(field, list) else [field])):
        if isinstance(value, (ast.expr, ast.withitem)):
            yield value
