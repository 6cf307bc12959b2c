"""Schedules that the agent draws, and traces for DPOR."""

import itertools
import unittest

from explorer import Agent, Study
from test_races import COUNTER, DICT_ITERATE, LAZY

LOCKED = """
import threading
class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.value = 0
    def add(self):
        with self.lock:
            self.value += 1
def setup():
    return Account()
def operation_one(account):
    account.add()
def operation_two(account):
    account.add()
"""
STEPS = """
def numbers(box):
    while True:
        box["number"] += 1
        yield box["number"]
def setup():
    box = {"number": 0}
    return numbers(box)
def operation_one(steps):
    return next(steps)
def operation_two(steps):
    return next(steps)
"""
WAITS = """
import threading
import time
class Flag:
    def __init__(self):
        self.ready = False
        self.condition = threading.Condition()
def setup():
    return Flag()
def operation_wait(flag):
    while not flag.ready:
        time.sleep(1)
    with flag.condition:
        while flag.ready is True:
            flag.condition.wait()
    return flag.ready
def operation_set(flag):
    flag.ready = True
    with flag.condition:
        flag.ready = 2
        flag.condition.notify()
"""
SPAWNS = """
import threading
class Box:
    value = 0
    def add(self):
        self.value += 1
def setup():
    return Box()
def operation_spawn(box):
    thread = threading.Thread(target=box.add)
    thread.start()
    box.add()
    thread.join()
def operation_add(box):
    box.add()
"""
CROSSED = """
import threading
class Pair:
    def __init__(self):
        self.left, self.right = threading.Lock(), threading.Lock()
def setup():
    return Pair()
def operation_one(pair):
    with pair.left, pair.right:
        pass
def operation_two(pair):
    with pair.right, pair.left:
        pass
"""


def kinds(study, count=300):
    """One item of every kind."""
    counts = study.lengths()
    interesting = study.conflicts[:1]
    return [
        {"kind": "pct", "seed": 1, "count": count, "depth": 2, "counts": counts},
        {"kind": "pct", "seed": 1, "count": count, "depth": 3, "counts": counts},
        {"kind": "pos", "seed": 1, "count": count},
        {"kind": "urw", "seed": 1, "count": count, "counts": counts},
        {"kind": "surw", "seed": 1, "count": count, "counts": [1] * len(counts), "interesting": interesting},
    ]


class Drawn(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def test_every_kind_finds_the_races_and_names_them_exactly(self):
        for source in (COUNTER, DICT_ITERATE, LAZY, SPAWNS):
            study = Study(self.agent, source)
            for kind in kinds(study):
                with self.subTest(kind=kind["kind"]):
                    reply = study.explore([kind], stop=True)
                    self.assertIsNotNone(reply["first"])
                    schedule = dict(kind, seed=kind["seed"] + reply["first"]["index"], count=1)
                    plan, outcome, replayed = study.replay(schedule, times=20)
                    self.assertEqual(outcome["id"], reply["first"]["outcome"])
                    self.assertEqual(replayed["outcomes"], {outcome["id"]: 20})

    def test_every_kind_is_silent_about_locks_and_waits_that_are_right(self):
        for source in (LOCKED, WAITS):
            study = Study(self.agent, source)
            reply = study.explore(kinds(study))
            self.assertEqual(set(reply["outcomes"]) - set(study.accepted), set())
            self.assertEqual(reply["uncontrolled"], 0)

    def test_every_kind_finds_the_deadlock(self):
        study = Study(self.agent, CROSSED)
        for kind in kinds(study)[:-1]:
            reply = study.explore([kind])
            endings = {study.outcomes[identity]["ending"] for identity in reply["outcomes"]}
            self.assertEqual(endings, {"finished", "deadlock"})

    def test_the_same_seeds_give_the_same_executions(self):
        study = Study(self.agent, DICT_ITERATE)
        for kind in kinds(study, 50):
            together = study.explore([kind])["outcomes"]
            apart = [dict(kind, seed=kind["seed"] + index, count=1) for index in range(50)]
            self.assertEqual(study.explore(apart)["outcomes"], together)

    def test_uniform_walks_reach_all_orders_about_equally_often(self):
        study = Study(self.agent, SHARES)
        counts = study.lengths()
        reply = study.explore([{"kind": "urw", "seed": 0, "count": 6000, "counts": counts}])
        self.assertEqual(len(reply["outcomes"]), 20)  # 3 out of 6 appends
        self.assertLess(max(reply["outcomes"].values()), 3.5 * min(reply["outcomes"].values()))

    def test_wrong_ones_are_refused(self):
        study = Study(self.agent, COUNTER)
        for wrong in ({"kind": "luck", "seed": 1}, {"kind": "pct"}, {"kind": "pct", "seed": 1, "depth": 0}, {"kind": "pos", "seed": "x"}):
            line = b'{"id":1,"command":"explore","sites":[],"schedules":[%s]}' % str(wrong).replace("'", '"').encode()
            reply = self.agent.send_line(line)
            self.assertEqual((reply["ok"], reply["error"]["kind"]), (False, "usage"))
        self.assertEqual(study.explore([])["runs"], 0)


SHARES = """
def setup():
    return []
def operation_a(order):
    order.append("a")
    order.append("a")
    order.append("a")
def operation_b(order):
    order.append("b")
    order.append("b")
    order.append("b")
"""


class Traced(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def trace(self, study, prefix=(), sleeping=()):
        reply = self.agent.ask("trace", sites=study.conflicts, prefix=list(prefix), sleeping=list(sleeping))
        study.outcomes.update((outcome["id"], outcome) for outcome in reply["new"])
        return reply

    def test_every_prefix_is_played_as_asked(self):
        study = Study(self.agent, COUNTER)
        seen = set()
        for prefix in set(itertools.permutations([0] * 3 + [1] * 3)):
            reply = self.trace(study, prefix)
            self.assertTrue(reply["followed"])
            self.assertEqual([event["thread"] for event in reply["events"]], list(prefix))
            seen.add(reply["outcome"])
        self.assertEqual(len(seen), 2)  # operations return nothing: both added, or one addition was lost

    def test_a_lock_that_is_taken_is_not_possible(self):
        study = Study(self.agent, LOCKED)
        reply = self.trace(study, [0, 0, 1, 1])
        self.assertFalse(reply["followed"])
        kinds_seen = [event["kind"] for event in self.trace(study)["events"]]
        self.assertEqual(kinds_seen.count("acquire"), kinds_seen.count("release"))

    def test_a_deadlock_tells_what_was_wanted(self):
        study = Study(self.agent, CROSSED)
        reply = self.trace(study, [0, 0, 1, 1])
        self.assertEqual([one["kind"] for one in reply["waiting"]], ["acquire", "acquire"])
        self.assertEqual(study.outcomes[reply["outcome"]]["ending"], "deadlock")

    def test_sleeping_threads_wake_up_for_what_they_depend_on(self):
        study = Study(self.agent, COUNTER)
        self.assertTrue(self.trace(study, [0], [1])["redundant"])  # nothing depends on the start of an operation
        reply = self.trace(study, [0, 1, 1], [0])
        self.assertEqual([event["sleeping"] for event in reply["events"][2:5]], [[0], [0], []])
        self.assertFalse(reply["redundant"])

    def test_what_is_not_modeled_is_said(self):
        for source in (SPAWNS, WAITS, STEPS):
            study = Study(self.agent, source)
            self.assertIsNotNone(self.trace(study)["unmodeled"])


if __name__ == "__main__":
    unittest.main()
