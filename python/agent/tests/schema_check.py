"""Checks messages against protocol/schema.json: the part of JSON Schema 2020-12 that file uses.

Enters: the name of a definition and a value.  Leaves: nothing, or an AssertionError that says where.
"""

import json
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PROTOCOL = os.path.join(ROOT, "protocol")

with open(os.path.join(PROTOCOL, "schema.json"), encoding="utf-8") as _stream:
    SCHEMA = json.load(_stream)

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
_KNOWN = set(
    "$ref $defs $schema title description type required properties additionalProperties items prefixItems minItems"
    " maxItems anyOf oneOf const enum pattern minimum".split()
)


def check_message(definition, value):
    """Assert that the value is what the schema calls `definition`."""
    problem = _problem(SCHEMA["$defs"][definition], value, definition)
    assert problem is None, problem


def _problem(schema, value, path):
    unknown = set(schema) - _KNOWN
    assert not unknown, "schema keywords this check does not know: %s" % unknown
    if "$ref" in schema:
        return _problem(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value, path)
    for check in (_alternatives, _literal, _kind, _number_and_text, _array, _object):
        problem = check(schema, value, path)
        if problem is not None:
            return problem
    return None


def _alternatives(schema, value, path):
    for word in ("anyOf", "oneOf"):
        if word in schema:
            problems = [_problem(option, value, path) for option in schema[word]]
            fitting = problems.count(None)
            if fitting == 0 or (word == "oneOf" and fitting > 1):
                return "%s: %d of %s fit: %s" % (path, fitting, word, problems)
    return None


def _literal(schema, value, path):
    if "const" in schema and value != schema["const"]:
        return "%s: %r is not %r" % (path, value, schema["const"])
    if "enum" in schema and value not in schema["enum"]:
        return "%s: %r is not one of %r" % (path, value, schema["enum"])
    return None


def _kind(schema, value, path):
    kind = schema.get("type")
    if kind in ("integer", "number"):
        fits = isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    else:
        fits = kind is None or isinstance(value, _TYPES[kind])
    return None if fits else "%s: %r is no %s" % (path, value, kind)


def _number_and_text(schema, value, path):
    if "minimum" in schema and value < schema["minimum"]:
        return "%s: %r is too small" % (path, value)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return "%s: %r does not match" % (path, value)
    return None


def _array(schema, value, path):
    if not isinstance(value, list):
        return None
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return "%s: %d entries" % (path, len(value))
    for index, entry in enumerate(value):
        fixed = schema.get("prefixItems", [])
        inner = fixed[index] if index < len(fixed) else schema.get("items")
        problem = None if inner is None else _problem(inner, entry, "%s[%d]" % (path, index))
        if problem is not None:
            return problem
    return None


def _object(schema, value, path):
    if not isinstance(value, dict):
        return None
    for name in schema.get("required", ()):
        if name not in value:
            return "%s: %s is missing" % (path, name)
    for name, entry in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        problem = None if inner is None else _problem(inner, entry, "%s.%s" % (path, name))
        if problem is not None:
            return problem
    return None
