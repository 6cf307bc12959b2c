"""Prints the `ast` of Python files as lines, in the terms of raceproof's flat trees.

What enters: file names, one a line, on standard input. What leaves, for each file: "file <name>", then either
"rejected <reason>" or one line per node in post-order: kind, role, detail, number of descendants, start, end, name; then
"end". Positions are line:column with columns in UTF-8 bytes; "?" where CPython has no position, or a wrong one in this
version (each case has its reason below). Standard library only; runs on CPython 3.8 and later.
"""
import ast
import sys
import threading
import zlib

VERSION = sys.version_info[:2]

# The fields of these classes in source order, where `_fields` has another order.
FIELD_ORDER = {
    "FunctionDef": ("decorator_list", "type_params", "args", "returns", "body"),
    "AsyncFunctionDef": ("decorator_list", "type_params", "args", "returns", "body"),
    "IfExp": ("body", "test", "orelse"),
    "DictComp": ("key", "value", "generators"),
}

# `ast` keeps no position for these (in the versions named): nothing to compare.
UNPOSITIONED = {"Module", "comprehension", "withitem", "match_case", "CompareOperator", "Identifier"}
if VERSION < (3, 10):
    UNPOSITIONED.add("alias")
if VERSION < (3, 9):
    UNPOSITIONED |= {"keyword", "Slice", "ExtSlice"}

# Until 3.11 the expressions in an f-string were parsed on their own and their positions patched afterwards, wrongly for
# nested, repeated and multi-line ones (fixed by PEP 701); FormattedValue had the position of the whole string.
FSTRING_POSITIONS = VERSION >= (3, 12)

CONSTANT_TYPES = {
    type(None): "None", bool: "Bool", type(...): "Ellipsis", int: "Integer", float: "Float", complex: "Complex",
    str: "String", bytes: "Bytes",
}


def constant_type(value):
    name = CONSTANT_TYPES[type(value)]
    return str(value) if name == "Bool" else name


def detail_of(node, kind):
    """The detail of a node in words, "-" for none."""
    if kind == "Constant" or kind == "MatchSingleton":
        return constant_type(node.value)
    if kind in ("BinOp", "UnaryOp", "BoolOp", "AugAssign"):
        return type(node.op).__name__
    if kind == "ImportFrom":
        return str(node.level or 0)
    if kind in ("FormattedValue", "Interpolation"):
        return str(max(node.conversion, 0))
    if kind == "comprehension":
        return str(node.is_async)
    if kind == "AnnAssign":
        return str(node.simple)
    context = getattr(node, "ctx", None)
    if isinstance(context, ast.Store):
        return "Store"
    return "Del" if isinstance(context, ast.Del) else "-"


def name_of(node, kind):
    """The identifier a node carries; of a str constant, a checksum of its value."""
    if kind == "Constant" and type(node.value) is str:
        return "#%d" % zlib.crc32(node.value.encode("utf-16-le", "surrogatepass"))
    if kind == "ImportFrom":
        return node.module or ""
    if kind == "MatchMapping":
        return node.rest or ""
    if kind == "Attribute":
        return node.attr
    if kind == "Name":
        return node.id
    if kind in ("arg", "keyword"):
        return node.arg or ""
    if kind == "TypeAlias":
        return ""
    return getattr(node, "name", None) or ""


class Leaf:
    """A node that raceproof has and `ast` keeps as an operator or a bare string."""

    def __init__(self, kind, detail="-", name=""):
        self.kind = kind
        self.detail = detail
        self.name = name


def arguments_of(node):
    """Parameters, each before its default, in source order."""
    positional = [("posonlyargs", arg) for arg in node.posonlyargs] + [("args", arg) for arg in node.args]
    without_default = len(positional) - len(node.defaults)
    for index, (role, arg) in enumerate(positional):
        yield role, arg
        if index >= without_default:
            yield "defaults", node.defaults[index - without_default]
    if node.vararg:
        yield "vararg", node.vararg
    for arg, default in zip(node.kwonlyargs, node.kw_defaults):
        yield "kwonlyargs", arg
        if default:
            yield "kw_defaults", default
    if node.kwarg:
        yield "kwarg", node.kwarg


def position_key(pair):
    node = pair[1]
    # Keywords have no position before 3.9; their values have, and both sort alike among the other arguments.
    node = getattr(node, "value", node) if isinstance(node, ast.keyword) else node
    return node.lineno, node.col_offset


def children_of(node, kind):
    """(role, child) pairs in source order."""
    if kind == "Compare":
        yield "left", node.left
        for operator, comparator in zip(node.ops, node.comparators):
            yield "ops", Leaf("CompareOperator", type(operator).__name__)
            yield "comparators", comparator
    elif kind == "Dict":
        for key, value in zip(node.keys, node.values):
            if key:
                yield "keys", key
            yield "values", value
    elif kind == "MatchMapping":
        for key, pattern in zip(node.keys, node.patterns):
            yield "keys", key
            yield "patterns", pattern
    elif kind == "MatchClass":
        yield "cls", node.cls
        for pattern in node.patterns:
            yield "patterns", pattern
        for attribute, pattern in zip(node.kwd_attrs, node.kwd_patterns):
            yield "kwd_attrs", Leaf("Identifier", name=attribute)
            yield "kwd_patterns", pattern
    elif kind == "Call":
        yield "func", node.func
        yield from sorted([("args", arg) for arg in node.args] + [("keywords", word) for word in node.keywords], key=position_key)
    elif kind == "ClassDef":
        yield from generic_children(node, ("decorator_list", "type_params"))
        yield from sorted([("bases", base) for base in node.bases] + [("keywords", word) for word in node.keywords], key=position_key)
        yield from generic_children(node, ("body",))
    elif kind in ("Global", "Nonlocal"):
        for name in node.names:
            yield "names", Leaf("Identifier", name=name)
    elif kind == "alias":
        if node.asname:
            yield "asname", Leaf("Identifier", name=node.asname)
    elif kind in ("JoinedStr", "TemplateStr"):
        # Literal pieces have no nodes in raceproof's trees.
        for value in node.values:
            if not isinstance(value, ast.Constant):
                yield "values", value
    else:
        yield from generic_children(node, FIELD_ORDER.get(kind, node._fields))


def generic_children(node, fields):
    for field in fields:
        value = getattr(node, field, None)
        if isinstance(value, ast.arguments):
            yield from arguments_of(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield field, item
        elif isinstance(value, ast.AST) and not isinstance(value, (ast.operator, ast.unaryop, ast.boolop, ast.expr_context)):
            yield field, value


def modernized(node, kind, source):
    """A 3.8 node in the form later versions give it."""
    if VERSION >= (3, 9):
        return node, kind
    if kind == "Index":
        return node.value, type(node.value).__name__
    if kind == "ExtSlice":
        # Since 3.9 a tuple; 3.8 has no position for it.
        node.elts = node.dims
        node._fields = ("elts",)
        return node, "Tuple"
    if kind in ("With", "AsyncWith"):
        split_parenthesized_items(node, source)
    return node, kind


def split_parenthesized_items(node, source):
    """`with (a, b):` is one tuple in 3.8 and two items since 3.9 (the new parser): the file means the latter today."""
    item = node.items[0]
    if len(node.items) > 1 or item.optional_vars or not isinstance(item.context_expr, ast.Tuple):
        return
    tuple_node = item.context_expr
    line = source.lines[tuple_node.lineno - 1]
    if line[tuple_node.col_offset:tuple_node.col_offset + 1] != b"(" or not tuple_node.elts:
        return
    if any(isinstance(element, (ast.Starred, ast.NamedExpr)) for element in tuple_node.elts):
        return
    node.items = [ast.withitem(context_expr=element, optional_vars=None) for element in tuple_node.elts]


def corrected_end(node, kind, role, source):
    """A node's end as 3.9 and later have it (its parser was rewritten, PEP 617), or None when 3.8 does not tell."""
    if role == "kwonlyargs" and node.annotation:
        # 3.8 leaves the annotation out, for keyword-only parameters alone.
        return node.annotation.end_lineno, node.annotation.end_col_offset
    if kind == "Starred" and source.text_after(node.lineno, node.col_offset + 1).startswith(b"("):
        # 3.8 ends `*(a)` before the parenthesis that closes the value.
        return None
    if hasattr(node, "body") and isinstance(node, (ast.stmt, ast.ExceptHandler)):
        # 3.8 leaves a semicolon that ends the last line of a block out of the compound statement.
        after = source.text_after(node.end_lineno, node.end_col_offset)
        blanks = len(after) - len(after.lstrip())
        if after[blanks:blanks + 1] == b";":
            return node.end_lineno, node.end_col_offset + blanks + 1
    return node.end_lineno, node.end_col_offset


class Source:
    def __init__(self, content):
        self.lines = content.splitlines() if VERSION < (3, 9) else []

    def text_after(self, line, column):
        return self.lines[line - 1][column:]


class Dump:
    """One file's lines."""

    def __init__(self, source):
        self.source = source
        self.lines = []

    def visit(self, node, role, has_positions):
        before = len(self.lines)
        if isinstance(node, Leaf):
            self.lines.append("%s %s %s 0 ? ? %s" % (node.kind, role, node.detail, node.name))
            return
        original = type(node).__name__
        node, kind = modernized(node, original, self.source)
        inner = has_positions and (FSTRING_POSITIONS or kind != "JoinedStr")
        for child_role, child in children_of(node, kind):
            self.visit(child, child_role, inner)
        descendants = len(self.lines) - before
        start, end = self.extent(node, kind, role) if has_positions and original not in UNPOSITIONED else ("?", "?")
        self.lines.append("%s %s %s %d %s %s %s" % (kind, role, detail_of(node, kind), descendants, start, end, name_of(node, kind)))

    def extent(self, node, kind, role):
        start = node.lineno, node.col_offset
        end = node.end_lineno, node.end_col_offset
        if VERSION < (3, 9):
            end = corrected_end(node, kind, role, self.source)
        return "%d:%d" % start, "%d:%d" % end if end else "?"


def dump_file(name, output):
    with open(name, "rb") as file:
        content = file.read()
    output.write("file %s\n" % name)
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        output.write("rejected %s\n" % " ".join(str(error).split()))
    else:
        dump = Dump(Source(content))
        dump.visit(tree, "-", True)
        output.write("\n".join(dump.lines))
        output.write("\n")
    output.write("end\n")


def main():
    import warnings

    warnings.simplefilter("ignore")
    sys.setrecursionlimit(100000)
    output = open(sys.stdout.fileno(), "w", encoding="utf-8", errors="surrogatepass", newline="\n", closefd=False)
    for name in sys.stdin.read().splitlines():
        dump_file(name, output)
    output.flush()


if __name__ == "__main__":
    # Long chains of operators are deep trees.
    threading.stack_size(256 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
