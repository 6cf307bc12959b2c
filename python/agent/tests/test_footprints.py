"""What operations touch when they run alone: equal numbers are equal locations, whichever operation and execution."""

import unittest

from explorer import Agent, Refused

BOX = """
class Box:
    total = 0
    def __init__(self):
        self.items = {"a": 1}
        self.nested = [[]]
        self.n = 0

def setup():
    return Box()
def operation_read(box):
    return box.items["a"]
def operation_same_key(box):
    box.items["a"] = 2
def operation_other_key(box):
    box.items["b"] = 2
def operation_whole(box):
    return list(box.items)
def operation_nested(box):
    box.nested[0].append(1)
def operation_nested_read(box):
    return box.nested[0][0:]
def operation_count(box):
    box.n += 1
def operation_class(box):
    Box.total += 1
def operation_own(box):
    Box().n += 1
def operation_fails(box):
    return box.missing
"""


class Footprints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent()
        cls.addClassCleanup(cls.agent.close)
        opened = cls.agent.open(BOX)
        names = [thread["name"].partition("_")[2] for thread in opened["driver"]["threads"]]
        reply = cls.agent.ask("footprint", threads=list(range(len(names))))
        cls.found = dict(zip(names, reply["footprints"]))

    def conflict(self, one, other):
        """Whether one of the two writes what the other touches."""
        a, b = self.found[one], self.found[other]
        return bool(set(a["writes"]) & set(b["reads"] + b["writes"]) or set(b["writes"]) & set(a["reads"] + a["writes"]))

    def test_a_key_meets_itself_and_the_whole(self):
        self.assertTrue(self.conflict("read", "same_key"))
        self.assertFalse(self.conflict("read", "other_key"))
        self.assertTrue(self.conflict("whole", "other_key"))
        self.assertFalse(self.conflict("whole", "read"))

    def test_two_insertions_meet(self):
        self.assertTrue(self.conflict("same_key", "other_key"))

    def test_objects_are_known_by_their_path(self):
        self.assertTrue(self.conflict("nested", "nested_read"))
        self.assertTrue(self.conflict("nested", "nested"))
        self.assertFalse(self.conflict("nested", "same_key"))

    def test_own_objects_meet_nobody(self):
        self.assertFalse(self.conflict("own", "own"))
        self.assertFalse(self.conflict("own", "count"))

    def test_class_attributes_are_shared(self):
        self.assertTrue(self.conflict("class", "class"))
        self.assertFalse(self.conflict("class", "count"))

    def test_results_and_growth_are_told(self):
        self.assertEqual(self.found["read"]["results"], [{"status": "returned", "value": "1"}])
        self.assertEqual(self.found["fails"]["results"][0]["exception"], "AttributeError")
        self.assertGreater(self.found["other_key"]["stateSize"], self.found["read"]["stateSize"])

    def test_unknown_threads_are_refused(self):
        with self.assertRaises(Refused) as caught:
            self.agent.ask("footprint", threads=[99])
        self.assertEqual(caught.exception.kind, "usage")


class MaskedResults(unittest.TestCase):
    def test_parts_of_a_result_that_differ_between_repeats_are_masked(self):
        agent = Agent()
        self.addCleanup(agent.close)
        agent.open(
            """
import itertools
class Box:
    def __init__(self):
        self.stamp = 0
        self.n = 0
numbers = itertools.count()
def setup():
    return Box()
def operation_one(box):
    made = Box()
    made.stamp = next(numbers)
    box.n += 1
    return made
def operation_two(box):
    box.n += 1
"""
        )
        serial = agent.ask("serial", repeats=2, warmups=1)
        self.assertTrue(serial["stable"])
        self.assertIn("result.0.0.stamp", serial["masked"])

    def test_a_result_is_never_masked_as_a_whole(self):
        agent = Agent()
        self.addCleanup(agent.close)
        agent.open(
            """
import itertools
numbers = itertools.count()
def operation_one():
    return next(numbers)
def operation_two():
    return 1
"""
        )
        self.assertFalse(agent.ask("serial", repeats=2, warmups=1)["stable"])


if __name__ == "__main__":
    unittest.main()
