"""Garbage collection as an event of the schedule: finalizers run where a plan says, on top of the thread they interrupt."""

import unittest

from explorer import Agent, Study

LEASE = """
import threading

class Lease:
    def __init__(self, pool):
        self.pool, self.itself = pool, self

    def __del__(self):
        self.pool.give_back()

class Pool:
    def __init__(self):
        self.free = 3
        self.lock = %s
        Lease(self)

    def take(self):
        %s
            self.free -= 1

    def give_back(self):
        %s
            self.free += 1

def setup():
    return Pool()
def operation_take(pool):
    pool.take()
def observe(pool):
    return pool.free
"""
COLLECTED = LEASE + "collects_garbage = True\n"
FREE, HELD = "if True:", "with self.lock:"


class Finalizers(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def strange(self, lock, guard):
        study = Study(self.agent, COLLECTED % (lock, guard, guard))
        self.assertEqual([outcome["state"] for outcome in study.serial["outcomes"]], ["3"])
        schedule, outcome = study.first_strange()
        _, _, reply = study.replay(schedule)
        self.assertEqual(reply["outcomes"], {outcome["id"]: 200})
        return outcome

    def test_a_finalizer_in_the_middle_of_an_update(self):
        self.assertEqual(self.strange("None", FREE)["state"], "2")

    def test_a_lock_that_the_interrupted_thread_holds(self):
        outcome = self.strange("threading.Lock()", HELD)
        self.assertEqual(outcome["ending"], "deadlock")
        self.assertIn("operation_take is interrupted by garbage collection", outcome["detail"])

    def test_a_reentrant_lock_lets_the_finalizer_in(self):
        self.assertEqual(self.strange("threading.RLock()", HELD)["state"], "2")

    def test_without_the_word_nothing_is_collected_during_an_execution(self):
        source = LEASE % ("None", FREE, FREE) + "def operation_other(pool):\n    return None\n"
        study = Study(self.agent, source)
        self.assertEqual({outcome["state"] for outcome in study.serial["outcomes"]}, {"2"})
        self.assertIsNone(study.first_strange())

    def test_the_interrupted_thread_waits_for_the_end(self):
        study = Study(self.agent, COLLECTED % ("None", FREE, FREE))
        # the collection is left in its finalizer: nobody else can go on, so it ends first
        reply = study.explore([[[0, 2], [1, 3], [0, None], [1, None]]], sites="all")
        self.assertEqual((reply["diverged"], reply["uncontrolled"]), (0, 0))


if __name__ == "__main__":
    unittest.main()
