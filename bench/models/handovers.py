"""Where real CPython hands over its GIL: `python3.X bench/models/handovers.py [seconds] [part of a function's name]`, CPython 3.10 to 3.13 with its headers, and gcc.

Enters: the functions below, with the kinds of instructions a library uses between two accesses, by four threads that ask for the GIL every
microsecond.  Leaves: the instructions at which a thread let go of it, how often, and in which functions; the innermost frame counts.
Compiles handovers.c for this interpreter and starts itself anew with it.
"""

import collections
import ctypes
import dis
import io
import os
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOTAL = 0
LINES = "one\ntwo\nthree\n"
USES_FILES = ("file_lines", "file_dropped", "importing")


class Point:
    kind = 1

    def __init__(self):
        self.x = 0
        self.live = 1
        self.items = [1]
        self.table = {}

    @property
    def double(self):
        return self.x

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        return None

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return 7

    def __del__(self):
        self.x = 1


class Slot:
    __slots__ = ("a",)


def attributes(p):
    p.x = p.x + 1
    p.items = []
    items = p.items
    p.x += 1
    return p.x, items


def torn_clear(p):
    p.live = 0
    p.items = []


def torn_look(p):
    items = p.items
    return p.live, len(items)


def globals_and_cells(p):
    global TOTAL
    TOTAL += 1
    cell = 0

    def inner():
        nonlocal cell
        cell += 1
        return cell

    return inner


def containers(p):
    table = p.table
    table["a"] = 1
    value = table["a"]
    del table["a"]
    found = "a" in table
    three = [1, 2, 3]
    three[1] = value
    one, two, rest = three
    some = {one, 2}
    more = {"x": three, **table}
    every = (*three, *some)
    return three[0:2], some, more, every, found, two, rest


def numbers(p):
    n = p.x
    n = n * 3 + 1 - 2
    m = n / 7 if n else 0
    q = -n
    return f"{n}{m:.2f}{q!r}", n < m, m is None, n and m or q


def methods(p):
    items, table = p.items, p.table
    items.append(1)
    items.pop()
    table.get("a")
    table.setdefault("b", 1)
    table.pop("b", None)
    return isinstance(p, Point), len(items), str(p.x), type(p), list(table), tuple(items), sorted(items)


def properties(p):
    first = p.double
    second = p.double
    return first, second


def loops(p):
    total = 0
    for value in (1, 2, 3):
        total += value
    while total:
        total -= 1
    for _ in p.table:
        total += 1
    return [i for i in (1, 2)], total


def branches(p):
    if p.live == -1:
        p.x = 3
    else:
        p.x = 4
    if p.live != -1:
        p.x = 5
    first = p.live == -1 and p.x
    second = p.live or p.x
    third = 1 if p.live == -1 else p.x
    if not p.live and p.x == 3:
        p.x = 6
    if p.items is None:
        p.x = 7
    return first, second, third, 0 < p.live < 5, 5 < p.live < 6


def generators(p):
    def steps():
        yield p.x
        yield p.x

    return list(steps()), sum(v for v in (1, 2))


def operators(p):
    return p == p, p in [p], {p: 1}[p]


def finalizers(p):
    other = Point()
    other = None
    seen = p.x
    other = Point()
    del other
    return seen, p.x


def managers(p):
    with p:
        p.x = 1
    return p.x


def handled(p):
    try:
        value = p.table["missing"]
    except KeyError:
        value = p.x
    p.x = value
    try:
        value = p.missing
    except AttributeError:
        p.x = value


def raised(p):
    try:
        raise KeyError(1)
    except KeyError as error:
        p.x = 1
        return error


def lines(p):
    for _ in io.StringIO(LINES):
        p.x = 1


def file_lines(p):
    with open(os.devnull) as stream:
        for _ in stream:
            p.x = 1


def file_dropped(p):
    stream = open(os.devnull, "rb", 0)
    p.x = 1
    stream = None
    return p.x, stream


def slots(p):
    slot = Slot()
    slot.a = 1
    slot.a += 1
    return slot.a


def classes(p):
    Point.kind = 1
    kind = Point.kind
    Point.kind += 1
    return kind


def keywords(p, *args, key=1, **rest):
    return p.x


def calls(p):
    keywords(p, key=2)
    keywords(p, *[1], **{"z": 1})
    return max(p.x, 1, key=None), min([1], default=0)


def importing(p):
    import time as clock
    from os import path

    return clock, path


def garbage(p):
    ring = []
    ring.append(ring)
    p.x = 1
    around = [ring]
    p.x = 2
    return {1: around}


KINDS = [value for name, value in list(globals().items()) if type(value) is type(lines)]


def start_with_library(arguments):
    """Replaces this process by one that loads the library first."""
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "handovers.so")
        headers = sysconfig.get_paths()["include"]
        source = os.path.join(HERE, "handovers.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-w", "-I", headers, source, "-o", library, "-ldl"], check=True)
        environment = dict(os.environ, LD_PRELOAD=library, HANDOVERS=library)
        return subprocess.run([sys.executable, os.path.abspath(__file__)] + arguments, env=environment).returncode


def play(kinds, seconds):
    """All kinds by four threads."""
    point = Point()
    is_over = []

    def work():
        while not is_over:
            for kind in kinds:
                try:
                    for _ in range(30):
                        kind(point)
                except (RuntimeError, KeyError, AttributeError, TypeError, ValueError):
                    pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    sys.setswitchinterval(1e-6)
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    is_over.append(True)
    for thread in threads:
        thread.join()


def read_handovers():
    """Lines of the library about this file: function, offset, how often."""
    library = ctypes.CDLL(os.environ["HANDOVERS"])
    with tempfile.TemporaryFile() as stream:
        sys.stdout.flush()
        before = os.dup(1)
        os.dup2(stream.fileno(), 1)
        library.print_handovers(os.path.basename(__file__).encode())
        os.dup2(before, 1)
        stream.seek(0)
        return [line.rsplit(" ", 2) for line in stream.read().decode().splitlines()]


def codes_of(code):
    """By name: a code object and all within it."""
    found = {code.co_name: code}
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            found.update(codes_of(constant))
    return found


def main(arguments):
    if "HANDOVERS" not in os.environ:
        return start_with_library(arguments)
    seconds, wanted = float(arguments[0]) if arguments else 5.0, arguments[1] if len(arguments) > 1 else ""
    named = [kind for kind in KINDS if wanted in kind.__name__]
    # threads that wait for files hand over all the time and would leave the others nothing to ask for
    for kinds in ([kind for kind in named if kind.__name__ not in USES_FILES], [kind for kind in named if kind.__name__ in USES_FILES]):
        if kinds:
            play(kinds, seconds)
    with open(__file__) as stream:
        codes = codes_of(compile(stream.read(), __file__, "exec"))
    tally, functions = collections.Counter(), collections.defaultdict(set)
    for name, offset, count in read_handovers():
        if name in ("work", "play", "main", "read_handovers", "<module>"):
            continue
        before = [each for each in dis.get_instructions(codes[name]) if each.offset <= int(offset)]
        instruction = before[-1].opname if before else "start"
        tally[instruction] += int(count)
        functions[instruction].add(name)
    print("CPython %s: %d handovers" % (sys.version.split()[0], sum(tally.values())))
    for instruction, count in tally.most_common():
        print("  %-24s %8d  %s" % (instruction, count, ", ".join(sorted(functions[instruction]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
