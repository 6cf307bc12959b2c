"""Every execution starts from the same state: modules, classes, closures, caches, environment, random numbers, time."""

import os
import tempfile
import textwrap
import unittest

from explorer import Agent, Study, results

PACKAGE = {
    "__init__": "",
    "registry": """
        import functools
        items = {}
        order = []
        seen = set()
        counter = 0
        class Entry:
            made = 0
            known = []
            __slots__ = ("name", "children")
            def __init__(self, name):
                self.name, self.children = name, []
                Entry.made += 1
                self.known.append(name)
        class Manager:
            def __init__(self):
                self.entries = {}
        manager = Manager()
        root = Entry("root")
        def remember(function):
            cache = {}
            def inner(key):
                if key not in cache:
                    cache[key] = function(key)
                return cache[key]
            return inner
        @remember
        def find(key):
            return [key]
        def collect(value, into=[]):
            into.append(value)
            return len(into)
        @functools.lru_cache(None)
        def cached(key):
            return [key]
        _lazy = None
        def lazy():
            global _lazy
            if _lazy is None:
                _lazy = Entry("lazy")
            return _lazy
        def use(name):
            global counter
            counter += 1
            items[name] = Entry(name)
            order.append(name)
            seen.add(name)
            manager.entries[name] = items[name]
            root.children.append(name)
            find(name)
            use.calls = getattr(use, "calls", 0) + 1
            first = cached(name)
            first.append(1)
            return counter, len(items), order, len(seen), Entry.made, len(Entry.known), len(manager.entries), root.children, \\
                collect(name), use.calls, len(first), lazy().name
    """,
    "late": """
        loaded = []
        def use():
            loaded.append(1)
            return len(loaded)
    """,
}

DRIVER = """
import shop.registry
def operation_one():
    return shop.registry.use("one")
def operation_two():
    import shop.late
    return shop.late.use()
"""


class ModuleState(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.mkdir(os.path.join(self.folder, "shop"))
        for name, text in PACKAGE.items():
            with open(os.path.join(self.folder, "shop", name + ".py"), "w") as stream:
                stream.write(textwrap.dedent(text))
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def test_everything_reachable_is_put_back(self):
        study = Study(self.agent, DRIVER, ["shop"], [self.folder])
        self.assertTrue(study.serial["stable"])
        self.assertEqual(len(study.serial["outcomes"]), 1)
        first = "(1, 1, #1['one'], 1, 2, 2, 1, #2['one'], 1, 1, 2, 'lazy')"
        self.assertEqual(results(study.serial["outcomes"][0]), [[first], ["1"]])
        reply = study.explore([[[0, None], [1, None]]] * 20)
        self.assertEqual(list(reply["outcomes"].values()), [20])
        self.assertIsNone(reply["first"])

    def test_what_changed_is_part_of_the_state(self):
        study = Study(self.agent, DRIVER, ["shop"], [self.folder])
        lines = study.serial["outcomes"][0]["state"].splitlines()
        paths = [line.partition("=")[0] for line in lines[1:]]
        self.assertEqual(
            paths,
            [
                "class.Entry.known",
                "class.Entry.made",
                "module.shop.late.loaded",
                "module.shop.registry._lazy",
                "module.shop.registry.collect.<default>",
                "module.shop.registry.counter",
                "module.shop.registry.find.<closure>.cache",
                "module.shop.registry.items",
                "module.shop.registry.manager",
                "module.shop.registry.order",
                "module.shop.registry.root",
                "module.shop.registry.seen",
                "module.shop.registry.use.calls",
            ],
        )
        self.assertIn("class.Entry.made=3", lines)

    def test_a_lazy_singleton_of_a_module_can_race(self):
        source = "import shop.registry\ndef operation_one():\n    return shop.registry.lazy()\ndef operation_two():\n    return shop.registry.lazy()\n"
        study = Study(self.agent, source, ["shop"], [self.folder])
        self.assertIsNotNone(study.first_strange())

    def test_another_driver_finds_the_state_after_import(self):
        Study(self.agent, DRIVER, ["shop"], [self.folder])
        study = Study(self.agent, "import shop.registry\ndef operation_one():\n    return shop.registry.counter\ndef operation_two():\n    return len(shop.registry.items)\n")
        self.assertEqual(results(study.serial["outcomes"][0]), [["0"], ["0"]])

    def test_state_that_only_a_race_changes_does_not_leak(self):
        source = """
failures = []
class Box:
    def __init__(self):
        self.busy = False
    def use(self):
        if self.busy:
            failures.append(1)
        self.busy = True
        self.busy = False
def setup():
    return Box()
def operation_one(box):
    box.use()
def operation_two(box):
    box.use()
"""
        study = Study(self.agent, source)
        reply = study.explore(study.bound_one() * 3)
        states = {outcome["state"].partition("failures=")[2] for outcome in reply["new"]}
        self.assertEqual({state.count("1]") for state in states}, {1})


class Leaks(unittest.TestCase):
    def test_state_out_of_reach_is_reported(self):
        source = """
import json
class Box:
    def __init__(self):
        self.busy = False
    def use(self):
        if self.busy:
            json.left_behind = True
        self.busy = True
        self.busy = False
        return hasattr(json, "left_behind")
def setup():
    return Box()
def operation_one(box):
    return box.use()
def operation_two(box):
    return box.use()
"""
        agent = Agent()
        self.addCleanup(agent.close)
        study = Study(agent, source)
        self.assertFalse(study.explore([[[0, None], [1, None]]] * 3, leaks=True)["leaked"])
        self.assertTrue(study.explore(study.bound_one(), leaks=True)["leaked"])


class ProcessState(unittest.TestCase):
    def test_environment_folder_umask_and_random_numbers(self):
        source = """
import os, random, tempfile, uuid
def look():
    old = os.umask(0)
    os.umask(old)
    return (os.environ.get("SUBJECT"), "PATH" in os.environ, os.getcwd() == START, old, random.random(),
            uuid.uuid4(), os.urandom(4), random.Random().random(), tempfile.mktemp()[-8:])
START = os.getcwd()
def operation_one():
    seen = look()
    os.environ["SUBJECT"] = "changed"
    del os.environ["PATH"]
    os.chdir("/")
    os.umask(0o77)
    return seen
def operation_two():
    return os.environ.get("SUBJECT")
"""
        agent = Agent()
        self.addCleanup(agent.close)
        study = Study(agent, source)
        self.assertTrue(study.serial["stable"])
        seen = {tuple(entry["order"]): results(study.outcomes[entry["outcome"]]) for entry in study.serial["orders"]}
        self.assertEqual(seen[0, 1][1], ["'changed'"])
        self.assertEqual(seen[1, 0][1], ["None"])
        self.assertEqual(seen[0, 1][0], seen[1, 0][0])
        self.assertTrue(seen[0, 1][0][0].startswith("(None, True, True, "), seen)
        reply = study.explore([[[0, None], [1, None]]] * 10)
        self.assertEqual(list(reply["outcomes"].values()), [10])

    def test_finders_and_replaced_modules_do_not_meet_the_next_driver(self):
        leaves = """
import sys, types
class Finder:
    def find_spec(self, *arguments):
        raise AssertionError("left behind")
def operation_one():
    sys.meta_path.insert(0, Finder())
    sys.modules["colorsys"] = types.ModuleType("colorsys")
def operation_two():
    return len(sys.meta_path)
import colorsys
"""
        imports = """
import colorsys, this_is_new
def operation_one():
    return hasattr(colorsys, "rgb_to_hsv")
def operation_two():
    return this_is_new.NAME
"""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "this_is_new.py"), "w", encoding="utf-8") as file:
                file.write("NAME = 1\n")
            agent = Agent()
            self.addCleanup(agent.close)
            self.assertTrue(Study(agent, leaves, paths=[folder]).serial["stable"])
            study = Study(agent, imports, paths=[folder])
            outcome = study.outcomes[study.serial["orders"][0]["outcome"]]
            self.assertEqual(results(outcome), [["True"], ["1"]])

    def test_random_streams_do_not_depend_on_the_interleaving(self):
        source = """
import uuid
class Box:
    def __init__(self):
        self.n = 0
def setup():
    return Box()
def draw(box):
    first = uuid.uuid4().int
    box.n = 1
    return first, uuid.uuid4().int
def operation_one(box):
    return draw(box)
def operation_two(box):
    return draw(box)
"""
        agent = Agent()
        self.addCleanup(agent.close)
        study = Study(agent, source)
        self.assertIsNone(study.explore(study.bound_one("all"), sites="all")["first"])


class VirtualTime(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)

    def test_clocks_are_the_same_in_every_execution(self):
        source = """
import datetime, time
from datetime import datetime as Datetime, date
from time import monotonic
class Timer:
    clock = time.monotonic
    def read(self):
        return self.clock()
class Stamp(Datetime):
    pass
def operation_one():
    return (time.time(), time.time_ns(), monotonic(), time.perf_counter(), Timer().read(), datetime.datetime.now(),
            Datetime.utcnow(), Datetime.now(datetime.timezone.utc), date.today(), type(Stamp.now()).__name__,
            time.localtime().tm_year, time.strftime("%Y"), time.gmtime(0).tm_year, (lambda now: now())(Datetime.now))
def operation_two():
    pass
"""
        study = Study(self.agent, source)
        self.assertTrue(study.serial["stable"])
        self.assertEqual(study.serial["masked"], [])
        value = results(study.serial["outcomes"][0])[0][0]
        self.assertTrue(value.startswith("(1600000000.0, 1600000000000000000, 1000.0, 1000.0, 1000.0, datetime.datetime(2020, 9, 13,"), value)
        self.assertIn("'Stamp', 2020, '2020', 1970", value)

    def test_sleep_moves_time_without_waiting(self):
        source = """
import time
def operation_one():
    start = time.monotonic()
    time.sleep(3600)
    return time.monotonic() - start
def operation_two():
    time.sleep(0)
"""
        study = Study(self.agent, source)
        self.assertEqual(results(study.serial["outcomes"][0])[0], ["3600.0"])

    def test_timeouts_come_in_order_and_only_when_nobody_can_run(self):
        source = """
import queue, threading, time
class Room:
    def __init__(self):
        self.event, self.lock, self.queue, self.log = threading.Event(), threading.Lock(), queue.Queue(), []
def setup():
    return Room()
def operation_one(room):
    room.log.append(room.event.wait(20))
    with room.lock:
        time.sleep(100)
    return time.monotonic()
def operation_two(room):
    try:
        room.queue.get(timeout=10)
    except queue.Empty:
        room.log.append("empty")
    time.sleep(15)
    return room.lock.acquire(timeout=30), time.monotonic()
"""
        self.agent.open(source)
        self.agent.ask("serial", repeats=1, warmups=0)
        reply = self.agent.ask("explore", sites=[], schedules=[[[0, None], [1, None]]], accept=[], stop=False)
        outcome = reply["new"][0]
        self.assertIn("['empty', False]", outcome["state"])
        self.assertEqual(outcome["ending"], "finished")
        self.assertEqual(results(outcome), [["1120.0"], ["(False, 1055.0)"]])

    def test_a_loop_that_waits_for_the_clock_ends(self):
        source = """
import time
def operation_one():
    end = time.monotonic() + 5
    while time.monotonic() < end:
        pass
    return "done"
def operation_two():
    pass
"""
        study = Study(self.agent, source)
        self.assertEqual(results(study.serial["outcomes"][0])[0], ["'done'"])

    def test_event_loops_run_in_virtual_time(self):
        source = """
import asyncio
class Counter:
    def __init__(self):
        self.n = 0
    async def add(self):
        seen = self.n
        await asyncio.sleep(30)
        self.n = seen + 1
def setup():
    return Counter()
async def both(counter):
    await asyncio.gather(counter.add(), counter.add())
    return asyncio.get_running_loop().time()
def operation_one(counter):
    return asyncio.run(both(counter))
def operation_two(counter):
    return asyncio.run(asyncio.wait_for(asyncio.sleep(5, "done"), 10))
"""
        study = Study(self.agent, source)
        self.assertEqual(results(study.outcomes[study.serial["orders"][0]["outcome"]]), [["1030.0"], ["'done'"]])
        self.assertTrue(study.serial["stable"])

    def test_setup_runs_in_virtual_time(self):
        source = """
import time
def setup():
    time.sleep(1000)
    return time.time()
def operation_one(state):
    return time.time() - state
def operation_two(state):
    pass
"""
        study = Study(self.agent, source)
        self.assertEqual(study.serial["outcomes"][0]["state"], "1600001000.0")
        self.assertEqual(results(study.serial["outcomes"][0])[0], ["0.0"])


if __name__ == "__main__":
    unittest.main()
