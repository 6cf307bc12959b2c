"""Operations of built-in objects under two threads: what goes wrong, if anything. Runs on Python 3.8 and later, and on PyPy.

python3 operations.py              names of all operations, one per line
python3 operations.py NAME SECONDS REPEATS
    one JSON object: {"failing": n, "repeats": n, "how": "raises RuntimeError" or "loses" or "torn" or null}

Each repeat builds fresh objects, starts both sides at a barrier and lets them run for a fixed number of steps. What a repeat
does not show is not proven safe; what it shows is proven unsafe.
"""

import collections
import copy
import heapq
import itertools
import json
import queue
import sys
import threading
import time
import weakref

operations = {}


def operation(function):
    operations[function.__name__.replace("_", " ")] = function
    return function


class Broken(Exception):
    """The sides ended in a state or with results that no order of whole operations gives."""


def together(*sides):
    """Runs the sides in threads; the first exception of any of them is raised here."""
    barrier = threading.Barrier(len(sides))
    failures = []

    def run(side):
        barrier.wait()
        try:
            side()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(side,)) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


STEPS = 400


def against_growth(make, consume, change, steps=STEPS * 8):
    """One side consumes a container again and again while the other one adds and removes elements."""
    shared = make()
    done = []

    def mutate():
        for number in range(steps * 4):
            change(shared, number)
            if done:
                return

    def read():
        try:
            for _ in range(steps):
                consume(shared)
        finally:
            done.append(True)

    together(read, mutate)


def grow_dict(shared, number):
    shared[1000 + number % 64] = number
    shared.pop(1000 + (number + 32) % 64, None)


def grow_set(shared, number):
    shared.add(1000 + number % 64)
    shared.discard(1000 + (number + 32) % 64)


def grow_deque(shared, number):
    shared.append(number)
    shared.popleft()


def grow_list(shared, number):
    shared.append(str(number))
    shared.pop()


def small_dict():
    return {number: number for number in range(200)}


def consumer(name, make, consume, change):
    def check():
        against_growth(make, consume, change)

    operations[name] = check


def python_loop(shared):
    total = 0
    for _ in shared:
        total = identity(total)


def identity(value):
    return value


for name, consume in {
    "list(d)": list,
    "tuple(d)": tuple,
    "set(d)": set,
    "frozenset(d)": frozenset,
    "sorted(d)": sorted,
    "dict(d)": dict,
    "d.copy()": dict.copy,
    "copy.copy(d)": copy.copy,
    "copy.deepcopy(d)": copy.deepcopy,
    "list(d.items())": lambda d: list(d.items()),
    "list(d.values())": lambda d: list(d.values()),
    "tuple(d.items())": lambda d: tuple(d.items()),
    "sorted(d.items())": lambda d: sorted(d.items()),
    "set(d.values())": lambda d: set(d.values()),
    "dict(d.items())": lambda d: dict(d.items()),
    "[*d]": lambda d: [*d],
    "{**d}": lambda d: {**d},
    "{}.update(d)": lambda d: {}.update(d),
    "sum(d.values())": lambda d: sum(d.values()),
    "max(d.values())": lambda d: max(d.values()),
    "min(d)": min,
    "any(d.values())": lambda d: any(d.values()),
    "all(d)": all,
    "len(d)": len,
    "repr(d)": repr,
    "json.dumps(d)": json.dumps,
    "[k for k in d]": lambda d: [k for k in d],
    "[f(k) for k in d]": lambda d: [identity(k) for k in d],
    "for k in d": python_loop,
    "next(iter(d))": lambda d: next(iter(d)),
    "k in d.values()": lambda d: -1 in d.values(),
    "dict.fromkeys(d)": dict.fromkeys,
}.items():
    consumer(name, small_dict, consume, grow_dict)

for name, consume in {
    "list(set)": list,
    "tuple(set)": tuple,
    "set.copy()": set.copy,
    "sorted(set)": sorted,
    "frozenset(set)": frozenset,
    "set.union(set)": lambda s: {1}.union(s),
    "for x in set": python_loop,
}.items():
    consumer(name, lambda: set(range(200)), consume, grow_set)

for name, consume in {
    "list(deque)": list,
    "deque.copy()": lambda d: d.copy(),
    "for x in deque": python_loop,
    "x in deque": lambda d: -1 in d,
}.items():
    consumer(name, lambda: collections.deque(range(200)), consume, grow_deque)

for name, consume in {
    "list(list)": list,
    "l[:]": lambda values: values[:],
    "l.copy()": list.copy,
    "tuple(list)": tuple,
    "sorted(list)": sorted,
    "l.sort()": list.sort,
    "l.sort(key=f)": lambda values: values.sort(key=identity),
    "l.reverse()": list.reverse,
    "str.join(list)": "".join,
    "for x in list": python_loop,
    "x in list": lambda values: "-" in values,
}.items():
    consumer(name, lambda: [str(number) for number in range(200)], consume, grow_list)


class Key:
    """Compared and hashed by Python code."""

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return hash(self.number % 8)

    def __eq__(self, other):
        return self.number == other.number


def counted(add, read, steps):
    def side():
        for _ in range(steps):
            add()

    together(side, side)
    if read() != steps * 2:
        raise Broken("loses")


class Box:
    def __init__(self):
        self.value = 0
        self.items = []
        self._hidden = 0

    @property
    def hidden(self):
        return self._hidden

    @hidden.setter
    def hidden(self, value):
        self._hidden = value


class PythonDict(dict):
    def __setitem__(self, key, value):
        dict.__setitem__(self, key, value)


def update_operation(name, make, add, read, steps=STEPS * 150):
    def check():
        shared = make()
        counted(lambda: add(shared), lambda: read(shared), steps)

    operations[name] = check


def add_attribute(box):
    box.value += 1


def add_property(box):
    box.hidden += 1


def add_item(d):
    d["n"] += 1


def add_element(values):
    values[0] += 1


def add_call(box):
    box.value = identity(box.value) + 1


def add_tested(box):
    if box.value >= 0:
        box.value = box.value + 1


def add_list(box):
    box.items += [1]


update_operation("x.a += 1", Box, add_attribute, lambda box: box.value)
update_operation("x.property += 1", Box, add_property, lambda box: box.hidden)
update_operation("x.a = f(x.a) + 1", Box, add_call, lambda box: box.value)
update_operation("if x.a: x.a = x.a + 1", Box, add_tested, lambda box: box.value)
update_operation("d[k] += 1", lambda: {"n": 0}, add_item, lambda d: d["n"])
update_operation("d[k] += 1 (Python __setitem__)", lambda: PythonDict(n=0), add_item, lambda d: d["n"])
update_operation("Counter[k] += 1", lambda: collections.Counter(n=0), add_item, lambda d: d["n"])
update_operation("l[0] += 1", lambda: [0], add_element, lambda values: values[0])
update_operation("l.append(x)", list, lambda values: values.append(1), len)
update_operation("l.insert(0, x)", list, lambda values: values.insert(0, 1), len, steps=STEPS * 10)
update_operation("x.l += [y]", Box, add_list, lambda box: len(box.items))
update_operation("deque.append(x)", collections.deque, lambda values: values.append(1), len)
update_operation("heapq.heappush(h, x)", list, lambda heap: heapq.heappush(heap, 1), len)


def unique(draw, make, steps=STEPS * 100):
    """Two sides draw values; none may be drawn twice and none may raise."""
    shared = make()
    drawn = [[], []]

    def side(mine):
        for _ in range(steps):
            value = draw(shared)
            if value is None:
                return
            mine.append(value)

    together(lambda: side(drawn[0]), lambda: side(drawn[1]))
    values = drawn[0] + drawn[1]
    if len(set(values)) != len(values):
        raise Broken("gives twice")


def generate():
    for number in range(10**9):
        yield number


class PythonIterator:
    def __init__(self):
        self.number = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.number += 1
        return self.number


def draw_operation(name, make, draw):
    operations[name] = lambda: unique(draw, make)


END = STEPS * 250

draw_operation("next(itertools.count())", itertools.count, next)
draw_operation("next(generator)", generate, next)
draw_operation("next(iter(list))", lambda: iter(list(range(END))), lambda it: next(it, None))
draw_operation("next(iter(range))", lambda: iter(range(END)), lambda it: next(it, None))
draw_operation("next(enumerate(l))", lambda: enumerate(range(END)), lambda it: next(it, None))
draw_operation("next(zip(a, b))", lambda: zip(range(END), range(END)), lambda it: next(it, None))
draw_operation("next(map(f, l))", lambda: map(identity, range(END)), lambda it: next(it, None))
draw_operation("next(itertools.chain(a, b))", lambda: itertools.chain(range(END), range(END, 2 * END)), lambda it: next(it, None))
draw_operation("next(object with __next__)", PythonIterator, next)
draw_operation("l.pop()", lambda: list(range(END)), lambda values: values.pop() if values else None)
draw_operation("deque.popleft()", lambda: collections.deque(range(END)), lambda values: values.popleft())
draw_operation("heapq.heappop(h)", lambda: list(range(END)), heapq.heappop)
draw_operation("set.pop()", lambda: set(range(END)), lambda values: values.pop())
draw_operation("d.popitem()", lambda: dict.fromkeys(range(END)), lambda values: values.popitem())


@operation
def queue_get():
    def make():
        filled = queue.Queue()
        for number in range(STEPS * 50):
            filled.put(number)
        return filled

    unique(queue.Queue.get, make, STEPS * 20)


def first_wins(claim, make, keys):
    """For each key both sides claim it; both must be told the same owner."""
    shared = make()
    told = [[], []]
    barrier = threading.Barrier(2)

    def side(mine):
        for key in keys:
            barrier.wait()
            mine.append(claim(shared, key, object()))

    together(lambda: side(told[0]), lambda: side(told[1]))
    if any(a is not b for a, b in zip(*told)):
        raise Broken("loses")


def get_or_create(shared, key, value):
    if key not in shared:
        shared[key] = value
    return shared[key]


operations["d.setdefault(k, v)"] = lambda: first_wins(dict.setdefault, dict, range(STEPS))
operations["d.setdefault(k, v) (Python __eq__)"] = lambda: first_wins(dict.setdefault, dict, [Key(n) for n in range(STEPS)])
operations["if k not in d: d[k] = v"] = lambda: first_wins(get_or_create, dict, range(STEPS))


@operation
def d_pop_k_None():
    barrier = threading.Barrier(2)
    shared = {}
    got = [[], []]

    def side(mine, fill):
        for key in range(STEPS):
            if fill:
                shared[key] = key
            barrier.wait()
            mine.append(shared.pop(key, None))
            barrier.wait()

    together(lambda: side(got[0], True), lambda: side(got[1], False))
    if any((a is None) == (b is None) for a, b in zip(*got)):
        raise Broken("gives twice")


operations["d.pop(k, None)"] = operations.pop("d pop k None")


def pairs_stay_together(add):
    shared = []

    def side(mark):
        for _ in range(STEPS * 40):
            add(shared, mark)

    together(lambda: side(1), lambda: side(2))
    if len(shared) != STEPS * 160:
        raise Broken("loses")
    if any(shared[at] != shared[at + 1] for at in range(0, len(shared), 2)):
        raise Broken("torn")


operations["l.extend(tuple)"] = lambda: pairs_stay_together(lambda values, mark: values.extend((mark, mark)))
operations["l.extend(generator)"] = lambda: pairs_stay_together(lambda values, mark: values.extend(identity(mark) for _ in range(2)))


class Thing:
    pass


def weak_get(shared, key):
    if key in shared:
        return shared[key]
    shared[key] = made = Thing()
    return made


@operation
def weak_check_then_get():
    """The entry goes when the other side drops the only reference, between the check and the read."""
    shared = weakref.WeakValueDictionary()

    def side():
        for _ in range(STEPS * 100):
            weak_get(shared, 1)

    together(side, side)


operations["if k in weak: weak[k]"] = operations.pop("weak check then get")


def weak_consumer(name, make, consume, change):
    def check():
        shared, keep = make()
        against_growth(lambda: shared, consume, lambda container, number: change(container, keep, number))

    operations[name] = check


def weak_values():
    keep = [Thing() for _ in range(100)]
    return weakref.WeakValueDictionary(enumerate(keep)), keep


def weak_set():
    keep = [Thing() for _ in range(100)]
    return weakref.WeakSet(keep), keep


def change_weak_values(shared, keep, number):
    keep[number % 100] = thing = Thing()
    shared[1000 + number % 64] = thing


def change_weak_set(shared, keep, number):
    keep[number % 100] = thing = Thing()
    shared.add(thing)


weak_consumer("list(weak)", weak_values, list, change_weak_values)
weak_consumer("list(weak.items())", weak_values, lambda w: list(w.items()), change_weak_values)
weak_consumer("weak.copy()", weak_values, lambda w: w.copy(), change_weak_values)
weak_consumer("for k in weak", weak_values, python_loop, change_weak_values)
weak_consumer("list(WeakSet)", weak_set, list, change_weak_set)
weak_consumer("for x in WeakSet", weak_set, python_loop, change_weak_set)


def measure(name, seconds, repeats):
    sys.setswitchinterval(1e-5)
    failing = done = 0
    how = None
    deadline = time.monotonic() + seconds
    while done < repeats and (done < 5 or time.monotonic() < deadline):
        done += 1
        try:
            operations[name]()
        except Broken as broken:
            failing, how = failing + 1, str(broken)
        except Exception as error:
            failing, how = failing + 1, "raises " + type(error).__name__
    return {"failing": failing, "repeats": done, "how": how}


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print("\n".join(operations))
    else:
        print(json.dumps(measure(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))))
