"""Canonical text, exceptions, masks and invariants."""

import unittest

from explorer import Agent, Refused, Study, results

VALUES = {
    "[1, 'a', None, 2.5, True, b'x', 1j, ...]": "#1[1, 'a', None, 2.5, True, b'x', 1j, Ellipsis]",
    "(1, (2,), frozenset([3]))": "(1, (2), {3})",
    "{'b': 1, 'a': [2]}": "#1{'b': 1, 'a': #2[2]}",
    "{3, 1, 'x', (2, 'y')}": "#1{'x', (2, 'y'), 1, 3}",
    "(lambda x: [x, x])([1])": "#1[#2[1], #2]",
    "(lambda x: x.append(x) or x)([1])": "#1[1, #1]",
    "Plain()": "Plain#1(a=1, b=#2{})",
    "Slotted()": "Slotted#1(x=2)",
    "[Color.RED, Color.GREEN]": "#1[Color.RED, Color.GREEN]",
    "Table(a=1)": "Table#1({'a': 1}, extra=5)",
    "collections.OrderedDict(b=1, a=2)": "OrderedDict#1({'b': 1, 'a': 2})",
    "collections.defaultdict(list, a=[])": "defaultdict#1({'a': #2[]})",
    "collections.deque([1, 2], 5)": "deque#1([1, 2])",
    "collections.Counter('aab')": "Counter#1({'a': 2, 'b': 1})",
    "Pair(1, 2)": "Pair((1, 2))",
    "ValueError('bad', 3)": "ValueError#1('bad', 3)",
    "io.BytesIO(b'abc')": "BytesIO#1(b'abc')",
    "io.StringIO('abc')": "StringIO#1('abc')",
    "bytearray(b'ab')": "#1bytearray(b'ab')",
    "[len, Plain, Plain.method, Plain().method, json]": "#1[<function len>, <class Plain>, <function Plain.method>, <method Plain.method>, <module json>]",
    "[threading.Lock(), threading.RLock()]": "#1[<lock>#2, <lock>#3]",
    "threading.Thread(name='t')": "<Thread>#1",
    "weakref.ref(Plain)": "<weakref>",
    "types.SimpleNamespace(b=1, a=2)": "SimpleNamespace#1(a=2, b=1)",
    "datetime.date(2020, 1, 2)": "datetime.date(2020, 1, 2)",
    "decimal.Decimal('1.50')": "Decimal('1.50')",
    "uuid.UUID(int=5)": "<UUID 00000000-0000-0000-0000-000000000005>",
    "Nasty()": "Nasty#1(a=1)",
    "Number(3)": "Number(3)",
    "float('nan')": "nan",
    "-0.0": "-0.0",
    "'x' * 1000": "'" + "x" * 60 + "'…(1000, 44f8354494a5ba03)",
}

SHOW = """
import collections, datetime, decimal, enum, io, json, threading, types, uuid, weakref
class Plain:
    def __init__(self):
        self.b, self.a = {}, 1
    def method(self): pass
class Slotted:
    __slots__ = ("x", "y", "__weakref__")
    def __init__(self):
        self.x = 2
class Color(enum.Enum):
    RED = 1
    GREEN = 2
class Table(dict):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.extra = 5
class Number(int):
    def __repr__(self): raise SystemError("called")
Pair = collections.namedtuple("Pair", "left right")
class Nasty:
    def __init__(self):
        object.__setattr__(self, "a", 1)
    def no(self, *arguments): raise SystemError("called")
    __repr__ = __eq__ = __hash__ = __iter__ = __len__ = __bool__ = __getattribute__ = __setattr__ = no
    __class__ = property(no)
"""


class CanonicalText(unittest.TestCase):
    maxDiff = None

    def test_values(self):
        agent = Agent()
        self.addCleanup(agent.close)
        lines = [SHOW]
        for number, expression in enumerate(VALUES):
            lines.append("def show_%d():\n    return %s\n" % (number, expression))
        lines.append("threads = [[%s], [Plain]]" % ", ".join("show_%d" % number for number in range(len(VALUES))))
        agent.open("\n".join(lines).replace("[Plain]]", "[lambda: None]]"))
        study = agent.ask("serial", repeats=2, warmups=1)
        self.assertTrue(study["stable"])
        shown = study["outcomes"][0]["threads"][0]["operations"]
        for (expression, expected), result in zip(VALUES.items(), shown):
            with self.subTest(expression):
                self.assertEqual(_renumbered(result.get("value", str(result))), expected)

    def test_depth_and_size_are_limited_and_said(self):
        agent = Agent()
        self.addCleanup(agent.close)
        source = """
def operation_deep():
    found = []
    for _ in range(500):
        found = [found]
    return found
def operation_wide():
    return list(range(100000))
"""
        study = Study(agent, source)
        deep, wide = results(study.serial["outcomes"][0])
        self.assertTrue("…" in deep[0] and "…" in wide[0])
        self.assertLess(len(wide[0]), 200000)


def _renumbered(text):
    """Objects numbered from 1 within this text alone."""
    import re

    numbers = {}
    return re.sub(r"#(\d+)", lambda match: "#%d" % numbers.setdefault(match.group(1), len(numbers) + 1), text)


class Exceptions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)

    def raised(self, body, extra=""):
        source = extra + "\ndef operation_one():\n    %s\ndef operation_two():\n    pass\n" % body
        study = Study(self.agent, source)
        return study.serial["outcomes"][0]["threads"][0]["operations"][0]

    def test_domain(self):
        own = "class Own(RuntimeError): pass\ndef check(x):\n    if x:\n        raise KeyError(x)\n"
        for body, expected in {
            "[].pop()": False,
            "{}['a']": False,
            "None.a": False,
            "raise KeyError('a')": True,
            "raise ValueError(\n        'a')": True,
            "raise Own()": True,
            "raise RuntimeError('a')": False,
            "assert not 1, 'a'": False,
            "open('/nowhere/at/all')": True,
            "raise FileNotFoundError()": True,
            "check(3)": True,
            "try:\n        {}['a']\n    except KeyError:\n        raise": False,
            "try:\n        {}['a']\n    except KeyError:\n        raise LookupError()": True,
            "next(iter([]))": False,
            "[check(x) for x in (0, 1)]": True,
        }.items():
            with self.subTest(body):
                self.assertEqual(self.raised(body, own)["domain"], expected)

    def test_where_is_the_innermost_function_of_the_subject(self):
        extra = """
import heapq, functools
class Box:
    def method(self):
        def inner():
            return [[].pop() for _ in (1,)]
        return inner()
    @functools.lru_cache()
    def cached(self):
        return (lambda: heapq.heappop([]))()
"""
        self.assertEqual(self.raised("Box().method()", extra)["where"], "raceproof_driver:Box.method.inner")
        self.assertEqual(self.raised("Box().cached()", extra)["where"], "raceproof_driver:Box.cached")
        self.assertEqual(self.raised("sum(len(x) for x in [1])")["where"], "raceproof_driver:operation_one")

    def test_message_and_traceback_do_not_count(self):
        source = """
number = 0
def fail(n):
    raise ValueError("call %d" % n)
def operation_one():
    fail(id(object()))
def operation_two():
    pass
"""
        study = Study(self.agent, source)
        self.assertEqual(len(study.serial["outcomes"]), 1)
        result = study.serial["outcomes"][0]["threads"][0]["operations"][0]
        self.assertRegex(result["message"], "call [0-9]+")
        self.assertEqual([line.split(" ")[-1] for line in result["traceback"]], ["operation_one", "fail"])
        self.assertTrue(result["traceback"][1].startswith("<driver test>:4"))

    def test_system_exit_is_a_result(self):
        self.assertEqual(self.raised("raise SystemExit(3)")["exception"], "SystemExit")


class Masks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)

    def test_unstable_parts_of_the_state_are_masked_by_path(self):
        source = """
import itertools
numbers = itertools.count()
class Stat:
    def __init__(self):
        self.number, self.size = next(numbers), 3
class Root:
    def __init__(self):
        self.stat, self.names, self.list = Stat(), {"x": next(numbers), "y": 1}, [0, next(numbers)]
def setup():
    return Root()
def operation_one(root):
    root.stat.size += 1
def operation_two(root):
    root.stat.size += 1
"""
        study = Study(self.agent, source)
        self.assertTrue(study.serial["stable"])
        self.assertEqual(sorted(study.serial["masked"]), ["state.list[1]", "state.names['x']", "state.stat.number"])
        expected = "Root#1(list=#2[0, <masked>], names=#3{'x': <masked>, 'y': 1}, stat=Stat#4(number=<masked>, size=5))"
        self.assertEqual(study.serial["outcomes"][0]["state"], expected)
        self.assertIn("size=4", study.first_strange()[1]["state"])

    def test_unstable_module_state_is_masked(self):
        source = """
import itertools
numbers = itertools.count()
last = None
def operation_one():
    global last
    last = next(numbers)
def operation_two():
    pass
"""
        study = Study(self.agent, source)
        self.assertTrue(study.serial["stable"])
        self.assertEqual(study.serial["masked"], ["module.raceproof_driver.last"])

    def test_growing_structures_are_masked_as_a_whole(self):
        source = """
import itertools
numbers = itertools.count()
class Root: pass
def setup():
    root = Root()
    root.ok, root.noise = 1, list(range(next(numbers)))
    return root
def operation_one(root): pass
def operation_two(root): pass
"""
        study = Study(self.agent, source)
        self.assertTrue(study.serial["stable"])
        self.assertEqual(study.serial["masked"], ["state.noise"])

    def test_unstable_results_cannot_be_judged(self):
        source = """
import itertools
numbers = itertools.count()
def operation_one():
    return next(numbers)
def operation_two(): pass
"""
        study = Study(self.agent, source)
        self.assertFalse(study.serial["stable"])


class Drivers(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def test_observe_replaces_the_state(self):
        study = Study(self.agent, "def setup(): return [1]\ndef observe(s): return len(s)\ndef operation_a(s): s.append(1)\ndef operation_b(s): pass\n")
        self.assertTrue(study.opened["driver"]["observe"])
        self.assertEqual(study.serial["outcomes"][0]["state"], "2")

    def test_invariant(self):
        source = """
class Pair:
    def __init__(self):
        self.left = self.right = 0
    def move(self):
        self.left -= 1
        self.right += 1
def setup():
    return Pair()
def invariant(pair):
    return pair.left + pair.right == 0
def observe(pair):
    return None
def operation_one(pair):
    pair.move()
def operation_two(pair):
    pair.move()
"""
        study = Study(self.agent, source)
        self.assertTrue(study.opened["driver"]["invariant"])
        _, outcome = study.first_strange()
        self.assertEqual((outcome["ending"], outcome["detail"]), ("invariant", "invariant returned a false value"))

    def test_operations_that_must_pass_and_fail_in_a_serial_order_are_refused(self):
        source = "must_pass = True\ndef operation_a(): pass\ndef operation_b(): assert not PLACES\ndef setup(): PLACES.clear()\nPLACES = []\n"
        self.assertTrue(Study(self.agent, source).serial["stable"])
        self.agent.open(source.replace("operation_a(): pass", "operation_a(): PLACES.append(1)"))
        for command in ("profile", "serial"):
            with self.assertRaisesRegex(Refused, "driver: an operation that must pass fails in a serial order: AssertionError"):
                self.agent.ask(command)

    def test_an_invariant_that_a_serial_order_breaks_is_refused(self):
        self.agent.open("def invariant(s): return s == 2\ndef operation_a(): pass\ndef operation_b(): pass\n")
        with self.assertRaisesRegex(Refused, "driver: a serial order breaks the invariant"):
            self.agent.ask("serial", repeats=1, warmups=0)

    def test_refusals(self):
        for source, kind in {
            "def operation_one(): pass": "driver",
            "threads = [[len], []]": "driver",
            "threads = 3": "driver",
            "setup = 4\ndef operation_a(): pass\ndef operation_b(): pass": "driver",
            "async def operation_a(): pass\ndef operation_b(): pass": "driver",
            "def operation_a(:": "driver",
            "import nothing_of_this_name": "import",
            "raise SystemExit(3)": "import",
        }.items():
            with self.subTest(source):
                with self.assertRaises(Refused) as caught:
                    self.agent.open(source)
                self.assertEqual(caught.exception.kind, kind)
                with self.assertRaises(Refused) as caught:
                    self.agent.ask("profile")
                self.assertEqual(caught.exception.kind, "usage")

    def test_setup_that_raises(self):
        self.agent.open("def setup(): {}['a']\ndef operation_a(): pass\ndef operation_b(): pass\n")
        with self.assertRaises(Refused) as caught:
            self.agent.ask("serial")
        self.assertEqual((caught.exception.kind, caught.exception.message), ("setup", "KeyError: a"))

    def test_explore_and_replay_without_serial(self):
        self.agent.open("n = 0\ndef operation_a():\n    global n\n    n += 1\ndef operation_b():\n    global n\n    n += 1\n")
        reply = self.agent.ask("explore", sites="all", schedules=[[[0, 3], [1, None], [0, None]], [[0, None], [1, None]]], accept=[], stop=False)
        self.assertEqual(sorted(outcome["state"].split("=")[-1] for outcome in reply["new"]), ["1", "2"])
        plan = self.agent.ask("name", sites="all", schedule=[[0, 3], [1, None], [0, None]])["plan"]
        reply = self.agent.ask("replay", plan=plan, times=5)
        self.assertEqual((reply["reached"], len(reply["outcomes"]), reply["new"]), (5, 1, []))

    def test_a_plan_with_an_unknown_site_is_neither_pass_nor_fail(self):
        self.agent.open("def operation_a(): pass\ndef operation_b(): pass\n")
        plan = [{"thread": 0, "until": {"site": "gone:f:read:self.x", "occurrence": 1}}, {"thread": 1, "until": None}]
        reply = self.agent.ask("replay", plan=plan, times=5)
        self.assertEqual((reply["missingSites"], reply["reached"], reply["outcomes"]), (["gone:f:read:self.x"], 0, {}))

    def test_a_plan_that_is_not_reached_says_so(self):
        self.agent.open("x = [0]\ndef operation_a():\n    return x[0]\ndef operation_b():\n    x[0] = 1\n")
        plan = [{"thread": 0, "until": {"site": "raceproof_driver:operation_a:read:x[]", "occurrence": 2}}, {"thread": 1, "until": None}]
        reply = self.agent.ask("replay", plan=plan, times=5)
        self.assertEqual((reply["missingSites"], reply["reached"], sum(reply["outcomes"].values())), ([], 0, 5))

    def test_a_schedule_that_is_not_reached_is_counted(self):
        self.agent.open("x = [0]\ndef operation_a():\n    return x[0]\ndef operation_b():\n    x[0] = 1\n")
        schedules = [[[0, 50], [1, None]], [[0, 2], [1, None], [0, None]], [[5, 1], [0, None]]]
        reply = self.agent.ask("explore", sites="all", schedules=schedules, accept=[], stop=False)
        self.assertEqual((reply["runs"], reply["diverged"]), (3, 2))

    def test_many_drivers_in_one_process(self):
        for number in range(3):
            study = Study(self.agent, "n = %d\ndef operation_a():\n    global n\n    n += 1\ndef operation_b():\n    global n\n    n += 1\n" % number)
            self.assertEqual(study.serial["outcomes"][0]["state"], "None\nmodule.raceproof_driver.n=%d" % (number + 2))
            self.assertEqual(len(study.conflicts), 4)


if __name__ == "__main__":
    unittest.main()
