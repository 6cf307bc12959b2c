"""Seeded races are found with one preemption and replay exactly; correct twins stay silent."""

import unittest

from explorer import Agent, Study, results

COUNTER = """
class Counter:
    def __init__(self):
        self.value = 0
    def add(self):
        self.value += 1
def setup():
    return Counter()
def operation_one(counter):
    counter.add()
def operation_two(counter):
    counter.add()
"""

DICT_ITERATE = """
def setup():
    return {number: number for number in range(4)}
def operation_sum(table):
    total = 0
    for key in table:
        total += 1
    return total
def operation_insert(table):
    table[99] = 1
"""

LAZY = """
class Registry:
    _instance = None
    @classmethod
    def get(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance
def operation_one():
    return Registry.get()
def operation_two():
    return Registry.get()
"""

HEAP = """
import heapq
class Pool:
    def __init__(self):
        self.free = [3]
        self.used = []
    def take(self):
        if self.free:
            return heapq.heappop(self.free)
        return None
def setup():
    return Pool()
def operation_one(pool):
    return pool.take()
def operation_two(pool):
    return pool.take()
"""

GLOBAL = """
total = 0
def add():
    global total
    total += 1
    return total
def operation_one():
    return add()
def operation_two():
    return add()
"""

NONLOCAL = """
def make():
    count = 0
    def add():
        nonlocal count
        count += 1
        return count
    return add
def setup():
    return make()
def operation_one(add):
    return add()
def operation_two(add):
    return add()
"""

ITEM = """
def setup():
    return {"size": 0}
def operation_one(table):
    table["size"] += 2
def operation_two(table):
    table["size"] += 3
"""

CHECK_THEN_INSERT = """
class Cache:
    def __init__(self):
        self.made = []
        self.items = {}
    def get(self, key):
        if key not in self.items:
            self.made.append(key)
            self.items[key] = object()
        return self.items[key]
def setup():
    return Cache()
def operation_one(cache):
    return cache.get("a")
def operation_two(cache):
    return cache.get("a")
"""

APPEND_LENGTH = """
class Files:
    def __init__(self):
        self.open = []
    def add(self, item):
        self.open.append(item)
        return len(self.open) - 1
def setup():
    return Files()
def operation_one(files):
    return files.add("a")
def operation_two(files):
    return files.add("b")
"""

GETATTR = """
class Proxy:
    def __init__(self):
        self.__dict__["target"] = Target()
    def __getattr__(self, name):
        return getattr(self.target, name)
    def __setattr__(self, name, value):
        setattr(self.target, name, value)
class Target:
    def __init__(self):
        self.links = 0
def setup():
    return Proxy()
def operation_one(proxy):
    proxy.links += 1
def operation_two(proxy):
    proxy.links += 1
"""

BUFFER = """
import io
def setup():
    return io.BytesIO(b"abcdef")
def operation_one(buffer):
    buffer.seek(0)
    return buffer.read(2)
def operation_two(buffer):
    buffer.seek(4)
    return buffer.read(2)
"""

RACY = {
    "counter": COUNTER,
    "dict iterate": DICT_ITERATE,
    "lazy singleton": LAZY,
    "heap check then pop": HEAP,
    "global": GLOBAL,
    "nonlocal": NONLOCAL,
    "item update": ITEM,
    "check then insert": CHECK_THEN_INSERT,
    "append then length": APPEND_LENGTH,
    "attribute functions": GETATTR,
    "buffer position": BUFFER,
}


GUARDED = """
import threading
guard = threading.Lock()
def guarded(operation):
    def run(*state):
        with guard:
            return operation(*state[: operation.__code__.co_argcount])
    return run
threads = [[guarded(value)] for name, value in list(globals().items()) if name.startswith("operation")]
"""


class Races(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)

    def test_every_seeded_race_is_found_named_and_replayed(self):
        for name, source in RACY.items():
            with self.subTest(name):
                study = Study(self.agent, source)
                self.assertTrue(study.serial["stable"])
                found = study.first_strange()
                self.assertIsNotNone(found, "not found with one preemption")
                schedule, outcome = found
                plan, named, reply = study.replay(schedule, times=200)
                self.assertEqual(named["id"], outcome["id"])
                self.assertEqual(reply["outcomes"], {outcome["id"]: 200})
                self.assertEqual(reply["reached"], 200)
                self.assertEqual(reply["missingSites"], [])

    def test_correct_twins_have_no_other_outcome_with_one_and_two_preemptions(self):
        for name, source in RACY.items():
            with self.subTest(name):
                study = Study(self.agent, source + GUARDED)
                schedules = study.bound_one() + study.bound_two()
                reply = study.explore(schedules)
                self.assertIsNone(reply["first"])
                self.assertEqual(reply["runs"], len(schedules))
                self.assertEqual(reply["uncontrolled"], 0)

    def test_counter_loses_an_update(self):
        study = Study(self.agent, COUNTER)
        _, outcome = study.first_strange()
        self.assertEqual(outcome["state"], "Counter#1(value=1)")
        self.assertEqual(study.serial["outcomes"][0]["state"], "Counter#1(value=2)")

    def test_the_exception_is_named_by_its_place_in_the_subject(self):
        study = Study(self.agent, HEAP)
        _, outcome = study.first_strange()
        raised = [result for thread in outcome["threads"] for result in thread["operations"] if result["status"] == "raised"]
        self.assertEqual([result["exception"] for result in raised], ["IndexError"])
        self.assertEqual(raised[0]["where"], "raceproof_driver:Pool.take")
        self.assertFalse(raised[0]["domain"])

    def test_same_object_and_two_objects_differ(self):
        study = Study(self.agent, LAZY)
        self.assertEqual(results(study.serial["outcomes"][0]), [["Registry#1()"], ["Registry#1"]])
        _, outcome = study.first_strange()
        self.assertEqual(results(outcome), [["Registry#1()"], ["Registry#2()"]])

    def test_a_batch_ends_when_its_time_is_over(self):
        study = Study(self.agent, COUNTER)
        reply = study.explore([[[0, None], [1, None]]] * 2000, milliseconds=1)
        self.assertLess(reply["runs"], 2000)
        self.assertEqual(sum(reply["outcomes"].values()), reply["runs"])

    def test_the_profile_counts_what_serial_orders_pass_at_conflicts(self):
        study = Study(self.agent, COUNTER)
        self.assertEqual(study.profile["lengths"], study.lengths())
        self.agent.open(LAZY)
        self.assertTrue(self.agent.ask("serial", repeats=2, warmups=0)["stable"])

    def test_three_threads(self):
        study = Study(self.agent, COUNTER + "def operation_three(counter):\n    counter.add()\n")
        self.assertEqual(len(study.serial["orders"]), 6)
        states = {outcome["state"] for _, outcome in study.strange(study.bound_one())}
        self.assertEqual(states, {"Counter#1(value=2)"})

    def test_longer_threads_are_merged_by_operation(self):
        source = COUNTER + "threads = [[operation_one, operation_one], [operation_two, operation_two]]\n"
        study = Study(self.agent, source)
        orders = sorted(entry["order"] for entry in study.serial["orders"])
        self.assertEqual(len(orders), 6)
        self.assertIn([0, 1, 0, 1], orders)
        self.assertEqual({outcome["state"] for outcome in study.serial["outcomes"]}, {"Counter#1(value=4)"})
        self.assertIsNotNone(study.first_strange())


class SerialOrders(unittest.TestCase):
    def test_every_merge_runs_its_operations_in_that_order(self):
        source = """
def setup():
    return []
def step(label):
    def operation(log):
        log.append(label)
    return operation
threads = [[step("a1"), step("a2"), step("a3")], [step("b1"), step("b2")], [step("c1")]]
"""
        agent = Agent()
        self.addCleanup(agent.close)
        agent.open(source)
        reply = agent.ask("serial", repeats=1, warmups=1)
        self.assertEqual(len(reply["orders"]), 60)
        states = {outcome["id"]: outcome["state"] for outcome in reply["outcomes"]}
        for entry in reply["orders"]:
            seen = {0: 0, 1: 0, 2: 0}
            expected = []
            for thread in entry["order"]:
                seen[thread] += 1
                expected.append("'%s%d'" % ("abc"[thread], seen[thread]))
            self.assertEqual(states[entry["outcome"]], "#1[%s]" % ", ".join(expected))


if __name__ == "__main__":
    unittest.main()
