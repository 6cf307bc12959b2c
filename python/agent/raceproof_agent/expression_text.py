"""Expressions as short text and the question whether evaluating one twice is harmless.

Enters: syntax nodes.  Leaves: text for site keys; equal on every Python version that parses the source.
"""

import ast


def describe(node):
    """Short source-like text of an access: names and attributes in full, the rest abbreviated."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return describe(node.value) + "." + node.attr
    if isinstance(node, ast.Constant):
        return repr(node.value)[:20]
    if isinstance(node, ast.Call):
        return describe(node.func) + "()"
    if isinstance(node, ast.Subscript):
        return describe(node.value) + "[]"
    if isinstance(node, ast.Starred):
        return "*" + describe(node.value)
    return "<%s>" % type(node).__name__.lower()


def is_pure(node, is_shared_name):
    """Whether evaluating the node makes no shared access and has no effect.

    `is_shared_name(name)` tells names that are themselves shared locations.
    """
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return not is_shared_name(node.id)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Tuple):
        return all(is_pure(element, is_shared_name) for element in node.elts)
    if isinstance(node, ast.Slice):
        parts = (node.lower, node.upper, node.step)
        return all(part is None or is_pure(part, is_shared_name) for part in parts)
    return False


def is_repeatable(node, is_shared_name):
    """Whether the node may be evaluated a second time to hand its value to the scheduler."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and not is_shared_name(node.id))


def has_location(node):
    """Whether the value of this expression may be an object other threads can reach."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("items", "keys", "values")
    return False


def mangle(name, class_name):
    """The name as compiled inside `class_name` (language reference, "Private name mangling")."""
    if class_name is None or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    stripped = class_name.lstrip("_")
    return "_%s%s" % (stripped, name) if stripped else name
