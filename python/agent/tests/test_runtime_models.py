"""Where a kind of interpreter can switch: the same programs under other switch points."""

import sys
import unittest

from explorer import Agent, Refused, Study
from test_races import APPEND_LENGTH, CHECK_THEN_INSERT, COUNTER, DICT_ITERATE, HEAP, LAZY

CHECKS = {"name": "gil", "switches": "checks"}
WALKS = {"name": "free-threaded", "elementwise": {"sum": ["values", "dict"], "tuple": ["dict"], "in": ["values"], "list": ["deque"]}}
TWINS = {"name": "pypy", "twins": [{"module": "heapq", "without": ["_heapq"]}]}

PROPERTY = """
class Counter:
    def __init__(self):
        self._value = 0
    @property
    def value(self):
        return self._value
    @value.setter
    def value(self, value):
        self._value = value
def setup():
    return Counter()
def operation_one(counter):
    counter.value += 1
def operation_two(counter):
    counter.value += 1
"""

CALL_BETWEEN = """
class Counter:
    def __init__(self):
        self.value = 0
def setup():
    return Counter()
def operation_one(counter):
    counter.value = max(counter.value, 0) + 1
def operation_two(counter):
    counter.value = max(counter.value, 0) + 1
"""

HANDLED = """
def setup():
    return {}
def operation_one(table):
    try:
        return table["key"]
    except KeyError:
        table["key"] = made = object
        return made
def operation_two(table):
    try:
        table["key"]
        return 1
    except KeyError:
        table["key"] = 2
        return 2
"""

FLAG = """
class Flag:
    def __init__(self):
        self.on = 1
def setup():
    return Flag()
def operation_one(flag):
%s
def operation_two(flag):
%s
"""
ELSE = FLAG % (("    if flag.on == 0:\n        return 0\n    flag.on = 0\n    return 1\n",) * 2)
THEN = FLAG % (("    if flag.on == 1:\n        flag.on = 0\n        return 1\n    return 0\n",) * 2)

COMPREHENSION = """
class Pair:
    def __init__(self):
        self.many = [1]
        self.scale = 1
def setup():
    return Pair()
def operation_read(pair):
    return [each * pair.scale for each in pair.many]
def operation_write(pair):
    pair.many, pair.scale = [2], 2
"""

LOCKED = """
import threading
class Counter:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0
def setup():
    return Counter()
def operation_one(counter):
    with counter.lock:
        seen = counter.value
    with counter.lock:
        counter.value = seen + 1
def operation_two(counter):
    with counter.lock:
        counter.value += 1
"""

WALK = """
import collections
def setup():
    return {number: number for number in range(3)}
def operation_walk(table):
    return %s
def operation_insert(table):
    table[99] = 1
"""

PUSH_POP = """
import heapq
def setup():
    return [1, 2, 3, 4, 5]
def operation_one(heap):
    return heapq.heappop(heap)
def operation_two(heap):
    return heapq.heappop(heap)
"""

def can_fail(source, model=None):
    """Whether any schedule with one preemption gives what no serial order gives, under the model."""
    agent = Agent()
    try:
        return Study(agent, source, model=model).first_strange() is not None
    finally:
        agent.close()


@unittest.skipUnless(hasattr(sys, "monitoring"), "needs sys.monitoring: CPython 3.12")
class ChecksTest(unittest.TestCase):
    def test_gaps_without_a_check_are_one_step(self):
        for source in (COUNTER, HEAP, THEN):
            self.assertTrue(can_fail(source))
            self.assertFalse(can_fail(source, CHECKS))

    def test_calls_jumps_and_function_starts_are_checks(self):
        for source in (DICT_ITERATE, LAZY, APPEND_LENGTH, CHECK_THEN_INSERT, PROPERTY, CALL_BETWEEN, HANDLED, COMPREHENSION, ELSE):
            self.assertTrue(can_fail(source, CHECKS), source)

    def test_switch_points_at_locks_stay(self):
        self.assertTrue(can_fail(LOCKED, CHECKS))

    def test_plans_count_accesses_alike_under_every_model(self):
        agent = Agent()
        self.addCleanup(agent.close)
        study = Study(agent, COUNTER)
        schedule, _ = study.first_strange()
        plan, _, replayed = study.replay(schedule, 10)
        self.assertEqual(replayed["reached"], 10)
        other = Agent()
        self.addCleanup(other.close)
        Study(other, COUNTER, model=CHECKS)
        vetoed = other.ask("replay", plan=plan, times=10)
        self.assertEqual(vetoed["reached"], 0)
        self.assertEqual(vetoed["missingSites"], [])
        study = Study(other, DICT_ITERATE, model=CHECKS)
        schedule, failed = study.first_strange()
        plan, _, replayed = study.replay(schedule, 10)
        self.assertEqual((replayed["reached"], replayed["outcomes"]), (10, {failed["id"]: 10}))
        study = Study(agent, DICT_ITERATE)
        self.assertEqual(agent.ask("replay", plan=plan, times=10)["outcomes"], {failed["id"]: 10})

    def test_a_step_of_several_accesses_tells_all_that_it_touches(self):
        agent = Agent()
        self.addCleanup(agent.close)
        study = Study(agent, COUNTER, model=CHECKS)
        reply = agent.ask("trace", sites=study.conflicts, prefix=[1], sleeping=[0])
        self.assertEqual((reply["unmodeled"], reply["redundant"]), (None, False))
        updates = [event for event in reply["events"] if len(event["touches"]) == 2]
        self.assertEqual([event["thread"] for event in updates], [1, 0])
        for event in updates:
            (location, part, _), (other, other_part, _) = event["touches"]
            self.assertEqual((location, part, [writes for _, _, writes in event["touches"]]), (other, other_part, [False, True]))
            self.assertEqual(event["sleeping"], [])  # what a sleeping step touches would not be known


class ChoiceTest(unittest.TestCase):
    def test_a_process_keeps_its_model(self):
        agent = Agent()
        self.addCleanup(agent.close)
        agent.open(COUNTER)
        with self.assertRaises(Refused):
            agent.open(COUNTER, model=WALKS)
        agent.open(COUNTER, model={"name": "any"})

    @unittest.skipIf(hasattr(sys, "monitoring"), "has sys.monitoring")
    def test_a_model_that_cannot_be_had_is_refused(self):
        agent = Agent()
        self.addCleanup(agent.close)
        with self.assertRaises(Refused) as caught:
            agent.open(COUNTER, model=CHECKS)
        self.assertIn("3.12", caught.exception.message)


class WalksTest(unittest.TestCase):
    def test_a_walk_is_taken_apart_where_the_table_says_so(self):
        for walk in ("sum(table.values())", "tuple(table)", "98 in table.values()", "list(collections.deque(table))[:0] + [sum(table)]"):
            self.assertFalse(can_fail(WALK % walk), walk)
            self.assertTrue(can_fail(WALK % walk, WALKS), walk)

    def test_snapshots_stay_whole(self):
        for walk in ("list(table.values())", "sum(list(table.values()))", "sorted(table)", "len(table)", "99 in table.keys()"):
            self.assertFalse(can_fail(WALK % walk, WALKS), walk)


class TwinsTest(unittest.TestCase):
    def test_a_module_written_in_python_can_be_switched_inside(self):
        native = sys.implementation.name == "cpython"
        if native:
            self.assertFalse(can_fail(PUSH_POP))
        self.assertTrue(can_fail(PUSH_POP, TWINS))

    def test_a_failure_inside_a_twin_is_told_at_its_caller(self):
        agent = Agent()
        self.addCleanup(agent.close)
        study = Study(agent, PUSH_POP.replace("[1, 2, 3, 4, 5]", "[1, 2]"), model=TWINS)
        raised = [
            result["where"]
            for _, outcome in study.strange(study.bound_one())
            for thread in outcome["threads"]
            for result in thread["operations"]
            if result["status"] == "raised"
        ]
        self.assertTrue(raised)
        self.assertTrue(all(where.startswith("raceproof_driver:operation_") for where in raised), raised)


if __name__ == "__main__":
    unittest.main()
