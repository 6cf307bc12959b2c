"""Small programs whose main() exercises one corner of the language each; see test_rewriting.

Enters: nothing.  Leaves: name to source.
"""

import sys

PROGRAMS = {
    "attributes and items": """
class Box:
    def __init__(self):
        self.n, self.items = 1, [1, 2, 3]
def main():
    box = Box()
    box.n += 2
    box.items[0] += 10
    box.items[len(box.items) - 1] *= 3
    box.items[:1] += [5]
    box.items[len(box.items[:1]):2] += [6]
    box.items += [9]
    del box.items[0], box.n
    table = {"a": {"b": 1}}
    table["a"]["b"] += 4
    table["".join(["a", ""])]["b"] **= 2
    return box.items, hasattr(box, "n"), table
""",
    "evaluation order": """
log = []
def note(value, result=None):
    log.append(value)
    return value if result is None else result
def main():
    items = [0, 0, 0]
    items[note(0)] = note(1)
    items[note(1)] += note(2)
    note(4, items).append(note(5))
    note("t", {}).setdefault(note("k"), note("v"))
    note(6, items).insert(note(0), *[note(7)])
    (note("x", items))[note(0):note(2)] = note("y", [1])
    dict(**note("z", {"a": 1}), b=note("w"))
    return log, items
""",
    "super, cells and mangling": """
class Base:
    def __init__(self):
        self.__secret = 1
    def secret(self):
        return self.__secret
    def add(self):
        self.__secret += 1
class Derived(Base):
    __hidden = 5
    def __init__(self):
        super().__init__()
        self.__secret = 2
    def secret(self):
        return super().secret(), self.__secret, __class__.__name__, Derived.__hidden, self.__class__.__hidden
def main():
    derived = Derived()
    derived.add()
    return derived.secret(), sorted(vars(derived)), getattr(derived, "_Base__secret")
""",
    "nonlocal, global and walrus": """
total = 0
def counter():
    count = 0
    def add(by=1):
        nonlocal count
        global total
        count += by
        total = count
        if (doubled := count * 2) > 2:
            total += doubled
        return [count := count + value for value in range(2)]
    return add, lambda: count
def main():
    add, read = counter()
    first = add(), add(3)
    global total
    seen = total
    del total
    total = "new"
    return first, read(), seen, total
""",
    "comprehensions": """
class Table:
    rows = [[1, 2], [3]]
    widths = [len(row) for row in rows]
    def flat(self):
        return [cell for row in self.rows for cell in row if cell if not cell == 2]
    def lazy(self):
        return (cell for row in self.rows for cell in row)
    def index(self):
        return {key: value for key, value in enumerate(self.rows)}, {len(row) for row in self.rows}
def main():
    table = Table()
    return Table.widths, table.flat(), list(table.lazy()), table.index(), [x for x in [y for y in table.rows]]
""",
    "loops": """
def main():
    items, seen = [1, 2, 3], []
    for item in items:
        if item == 2:
            items.append(4)
        seen.append(item)
    else:
        seen.append("else")
    for key in {"a": 1}.keys():
        seen.append(key)
    for index, (key, value) in enumerate({"b": 2}.items()):
        seen.append((index, key, value))
    iterator = iter(items)
    for item in iterator:
        break
    seen.append(list(iterator))
    for left, right in zip(items, reversed(items)):
        seen.append(left - right)
    try:
        table = {1: 1}
        for key in table:
            table[key + 1] = 1
    except RuntimeError as error:
        seen.append(str(error))
    while items:
        items.pop()
    return seen, items
""",
    "generators": """
def numbers(limit):
    received = []
    try:
        for number in range(limit):
            received.append((yield number))
    finally:
        received.append("closed")
    return received
def delegate(items):
    got = yield from numbers(2)
    yield from items
    yield from {"k": 1}.items()
    return got
def main():
    generator = delegate([7])
    seen = [next(generator), generator.send("a")]
    try:
        while True:
            seen.append(next(generator))
    except StopIteration as stop:
        seen.append(stop.value)
    other = numbers(5)
    next(other)
    other.close()
    for number in numbers(3):
        seen.append(number)
    return seen, list(zip(numbers(2), "xy"))
""",
    "exceptions and context managers": """
class Guard:
    def __enter__(self):
        self.inside = True
        return self
    def __exit__(self, kind, error, traceback):
        self.inside = False
        self.kind = kind
        return kind is KeyError
def main():
    guard = Guard()
    seen = []
    with guard as same, Guard() as guard.other:
        seen.append((same is guard, guard.inside, guard.other.inside))
        {}["missing"]
    seen.append((guard.inside, guard.other.kind))
    try:
        try:
            guard.absent.deeper
        except AttributeError as error:
            raise ValueError(error.args[0][-8:]) from error
    except ValueError as error:
        seen.append((str(error), type(error.__cause__), error.__traceback__.tb_lineno))
    else:
        seen.append("no")
    finally:
        seen.append("finally")
    return seen
""",
    "f-strings": """
class Point:
    x, y = 1.5, {"k": "v"}
def main():
    p, width = Point(), 8
    return f"{p.x:>{width}}|{p.y['k']!r:^10}|{p.x + 1 = }|{{}}|{[v for v in p.y.values()]}" f"{p.y}"
""",
    "properties and attribute hooks": """
class Celsius:
    def __init__(self):
        self._t = 0
    @property
    def t(self):
        return self._t
    @t.setter
    def t(self, value):
        self._t = value + 0.5
class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "target", target)
    def __getattr__(self, name):
        return getattr(self.target, name)
    def __setattr__(self, name, value):
        setattr(self.target, name, value)
    def __delattr__(self, name):
        delattr(self.target, name)
def main():
    c = Celsius()
    c.t += 1
    c.t += 1
    proxy = Proxy(c)
    proxy.t += 1
    proxy.extra = 1
    del proxy.extra
    setattr(proxy, "e" + "x", 4)
    return c.t, proxy._t, c.ex, hasattr(proxy, "extra"), getattr(proxy, "nothing", "default")
""",
    "decorators, closures and keyword arguments": """
import functools
def remember(function):
    cache = {}
    @functools.wraps(function)
    def inner(*arguments, **keywords):
        key = arguments + tuple(sorted(keywords.items()))
        if key not in cache:
            cache[key] = function(*arguments, **keywords)
        return cache[key]
    inner.cache = cache
    return inner
@remember
def add(a, b=2, *rest, c, **others):
    "Docstring of add."
    return a + b + c + sum(rest) + sum(others.values())
def main():
    return add(1, c=3), add(1, c=3), add(1, 2, 3, c=4, d=5), len(add.cache), add.__doc__, add.__name__
""",
    "dataclasses, enum and named tuples": """
import dataclasses, enum, typing
@dataclasses.dataclass(order=True)
class Item:
    name: str
    tags: list = dataclasses.field(default_factory=list)
    def tag(self, *names):
        self.tags += names
        return self
class Color(enum.Enum):
    RED = 1
    GREEN = 2
    @property
    def nice(self):
        return self is Color.GREEN
class Pair(typing.NamedTuple):
    left: int
    right: int = 0
    def swap(self):
        return Pair(self.right, self.left)
def main():
    return Item("a").tag("x", "y"), Item("a") < Item("b"), [color.nice for color in Color], Pair(1).swap()
""",
    "operators in place": """
def main():
    a = b = [1]
    b += (2,)
    s = t = {1}
    t |= {2}
    t -= {1}
    n = m = 5
    m += n
    text = "x"
    text += "y" * n
    return a, s, n, m, text, a is b, s is t
""",
    "truth and membership": """
class Odd:
    def __init__(self, answer):
        self.answer, self.asked = answer, 0
    def __bool__(self):
        self.asked += 1
        return self.answer
    def __contains__(self, item):
        self.asked += 1
        return item == 1
def main():
    yes, no = Odd(True), Odd(False)
    found = [1 if yes else 2, not no, yes and 3, no or 4, no and 5, 1 in yes, 2 not in yes, yes is None, no is not None]
    found.append("both" if yes and not no else "none")
    items = {"a": None}
    found.append([key for key in items if items[key] is None and key in items])
    assert yes, "message"
    return found[:2] + found[5:], found[2] == 3, yes.asked, no.asked
""",
    "async": """
import asyncio
class Source:
    def __init__(self):
        self.left = [1, 2, 3]
    def __aiter__(self):
        return self
    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)
    async def __aenter__(self):
        self.open = True
        return self
    async def __aexit__(self, *exception):
        self.open = False
async def run():
    source = Source()
    async with source as opened:
        seen = [opened.open]
        async for item in source:
            seen.append(item)
            await asyncio.sleep(0)
    return seen, source.open, [item async for item in Source()]
def main():
    coroutine = run()
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value
""",
    "classes in functions": """
def main():
    limit = 3
    class Local:
        size = limit + 1
        names = [name for name in ("a", "b")]
        def __init_subclass__(cls, **keywords):
            cls.given = keywords
        def grow(self):
            nonlocal limit
            limit += 1
            self.size += limit
            return self.size
    class Other(Local, flag=True):
        pass
    return Local().grow(), Other().grow(), Other.given, limit, Local.names
""",
    "unpacking": """
def main():
    class Bag: pass
    bag = Bag()
    pair, rest = (1, 2), [3, 4, 5]
    bag.a, (bag.b, *bag.c) = pair[0], rest
    first, *bag.middle, last = rest
    [*bag.d, bag.e] = [*pair, *rest]
    merged = {**{"x": 1}, "y": 2, **{"x": 3}}
    for bag.i, merged["z"] in [(1, 2), (3, 4)]:
        pass
    return sorted(vars(bag).items()), first, last, merged, max(*rest, *pair), print(*[], end="")
""",
    "accesses under another name": """
import operator, collections
class Frozen:
    def __init__(self, n):
        object.__setattr__(self, "n", n)
    def grow(self, by):
        object.__setattr__(self, "n", object.__getattribute__(self, "n") + by)
        return vars(self)["n"], self.__dict__
class Log(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, [value])
    def __setattr__(self, name, value):
        super().__setattr__("_" + name, value)
    def clear(self):
        super().clear()
        return super().__len__()
def feed():
    total = 0
    while total < 9:
        total += (yield total) or 1
    return total
def main():
    frozen, log, values = Frozen(1), Log(), [3, 1, 2]
    grown = frozen.grow(2)
    log["k"] = 1
    log.n = 4
    setattr(log, "m" + "n", len(log))
    operator.setitem(values, 0, operator.getitem(values, 0) + 4)
    dict.__setitem__(log, "raw", dict.get(log, "k"))
    seen = sorted(log), log._n, log._mn, log.clear()
    values.sort(key=lambda item: -item)
    running = feed()
    pushed = next(running), running.send(5), running.send(2)
    chain = collections.ChainMap({}, {"a": 1})
    chain["a"] += 1
    code = compile("[item for item in items if item]", "<text>", "eval")
    space = {"items": [0, 1], "__name__": "space"}
    exec("items = items + [2]\\nclass Inner:\\n    kept = items[-1]", space)
    return grown, seen, values, pushed, chain["a"], eval(code, space), space["Inner"].kept, eval("  len(items)", space, {"len": sum})
""",
    "exec, locals and frames": """
import sys
def helper():
    return sys._getframe(1).f_code.co_name
def main():
    value = 1
    namespace = {}
    exec("def f(x): return x.real + 1", namespace)
    return sorted(locals()), helper(), namespace["f"](4), eval("value + 1", {"value": 2}), (lambda x: helper())(1)
""",
}

MATCH = """
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y
class Kind:
    FIRST = 1
def name(value):
    match value:
        case Point(x=0, y=y): return "on axis", y
        case Point(x, y) if x == y: return "diagonal", x
        case {"k": inner, **rest}: return inner, rest
        case [first, *others] if others: return first, others
        case Kind.FIRST: return "first"
        case str() as text: return text
        case _: return None
def main():
    return [name(v) for v in (Point(0, 3), Point(2, 2), Point(1, 2), {"k": 1, "l": 2}, [1, 2], [1], 1, "s")]
"""

if sys.version_info >= (3, 10):
    PROGRAMS["match"] = MATCH
