"""The oracle on hand-made outcomes: the same table as the explorer's, so that both give the same answers."""

import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path[:0] = [os.path.dirname(HERE), os.path.join(ROOT, "python", "agent")]

from pytest_raceproof.judgment import Failure, judge, obstacle  # noqa: E402
from raceproof_agent.relaxed_outcomes import RELAXATIONS  # noqa: E402


def returned(value):
    return {"status": "returned", "value": value}


def raised(exception, domain, where="m:f", message=""):
    return {"status": "raised", "exception": exception, "where": where, "message": message, "domain": domain, "traceback": []}


def outcome(identity, results, **rest):
    threads = [{"operations": [result]} for result in results]
    return dict({"id": identity, "threads": threads, "state": "s", "ending": "finished", "detail": ""}, **rest)


SERIAL = [outcome("a", [returned("1"), returned("2")]), outcome("b", [raised("FileExistsError", True), returned("2")])]


def describe(one, serial=None):
    judgment = judge(one, SERIAL if serial is None else serial)
    if judgment is None:
        return "serial"
    return judgment.summary if isinstance(judgment, Failure) else "undecided " + judgment.reason


class Judgments(unittest.TestCase):
    def test_table(self):
        table = [
            (outcome("b", []), "serial"),
            (outcome("x", [raised("IndexError", False), returned("2")]), "IndexError@m:f"),
            (outcome("x", [raised("FileExistsError", True, "m:g"), returned("2")]), "FileExistsError@m:g"),
            (outcome("x", [raised("OSError", True), raised("KeyError", False)]), "KeyError@m:f"),
            (outcome("x", [raised("KeyError", False)], ending="deadlock"), "KeyError@m:f"),
            (outcome("x", [raised("FileExistsError", True)] * 2), "results that no serial order gives"),
            (outcome("x", [returned("1"), returned("1")]), "results that no serial order gives"),
            (outcome("x", [returned("1"), returned("2")]), "a final state that no serial order gives"),
            (outcome("x", [], ending="deadlock"), "the threads wait for each other"),
            (outcome("x", [returned("1"), returned("2")], ending="invariant"), "the invariant is broken"),
            (outcome("x", [raised("KeyError", False)], ending="hang", detail="loops"), "undecided an execution did not end (loops)"),
        ]
        for one, expected in table:
            self.assertEqual(describe(one), expected)

    def test_a_deadlock_that_serial_orders_have_too(self):
        self.assertTrue(describe(outcome("x", [], ending="deadlock"), [outcome("y", [], ending="deadlock")]).startswith("undecided"))

    def test_what_cannot_be_compared(self):
        self.assertIsNone(obstacle({"outcomes": SERIAL, "stable": True}))
        self.assertIn("different outcomes", obstacle({"outcomes": SERIAL, "stable": False}))
        self.assertIn("does not end", obstacle({"outcomes": [outcome("x", [], ending="hang")], "stable": True}))
        self.assertIn("every operation raises", obstacle({"outcomes": [outcome("x", [raised("A", True)] * 2)], "stable": True}))


def told(identity, case):
    """An outcome of protocol/relaxed-outcomes.json: "!KeyError: text" is an exception."""
    results = []
    for text in case["results"]:
        exception, _, message = text[1:].partition(": ")
        results.append(raised(exception, False, message=message) if text.startswith("!") else returned(text))
    return outcome(identity, results, state=case["state"])


class Relaxations(unittest.TestCase):
    def test_the_table_of_the_explorer(self):
        with open(os.path.join(ROOT, "protocol", "relaxed-outcomes.json"), encoding="utf-8") as file:
            table = json.load(file)
        serial = [told("a", table["serial"])]
        for case in table["cases"]:
            for name in RELAXATIONS:
                with self.subTest(case["name"], relaxation=name):
                    self.assertEqual(judge(told("x", case), serial, [name]) is None, case[name])
            self.assertIsNotNone(judge(told("x", case), serial))


if __name__ == "__main__":
    unittest.main()
