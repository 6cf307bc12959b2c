"""Messages: samples and schema agree, bad requests are refused, replies stay below the limit."""

import json
import os
import sys
import unittest

from explorer import Agent, Refused, Study
from schema_check import PROTOCOL, check_message

SAMPLES = os.path.join(PROTOCOL, "samples")
COMMANDS = ("hello", "open", "serial", "profile", "footprint", "explore", "trace", "name", "replay", "sources", "collect", "close")


def load(name):
    with open(os.path.join(SAMPLES, name), encoding="utf-8") as stream:
        return json.load(stream)


class Samples(unittest.TestCase):
    def test_every_command_has_a_sample_that_fits_the_schema(self):
        self.assertEqual(sorted(os.listdir(SAMPLES)), sorted([command + ".json" for command in COMMANDS] + ["refusals.json"]))
        for command in COMMANDS:
            with self.subTest(command):
                sample = load(command + ".json")
                check_message(command + ".request", sample["request"])
                check_message(command + ".reply", sample["reply"])

    def test_refusals_fit_the_schema(self):
        kinds = set()
        for refusal in load("refusals.json"):
            check_message("refusal", refusal)
            kinds.add(refusal["error"]["kind"])
        self.assertEqual(kinds, {"usage", "import", "driver", "setup"})

    def test_the_schema_check_can_fail(self):
        reply = load("hello.json")["reply"]
        for broken in (dict(reply, protocol=2), dict(reply, runtime={}), dict(reply, agent=3), {}):
            with self.assertRaises(AssertionError):
                check_message("hello.reply", broken)

    def test_the_agent_answers_the_samples_with_the_samples(self):
        agent = Agent()
        self.addCleanup(agent.close)
        for command in COMMANDS:
            sample = load(command + ".json")
            reply = json.loads(json.dumps(agent.send_line(json.dumps(sample["request"]).encode())))
            for changing in ("importSeconds", "collected", "runtime", "agent"):
                if changing in reply:
                    reply[changing] = sample["reply"][changing]
            self.assertEqual(reply, sample["reply"])


class Requests(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def test_hello(self):
        reply = self.agent.ask("hello", protocol=1)
        self.assertEqual(reply["runtime"]["implementation"], sys.implementation.name)
        self.assertEqual(reply["runtime"]["version"], "%d.%d.%d" % sys.version_info[:3])
        self.assertEqual(reply["runtime"]["hashSeed"], "0")
        self.assertEqual(reply["runtime"]["gilEnabled"], getattr(sys, "_is_gil_enabled", lambda: True)())

    def test_bad_requests_are_refused_and_the_next_one_is_answered(self):
        counter = "n = 0\ndef operation_a():\n    global n\n    n += 1\ndef operation_b():\n    pass\n"
        for line in (b"{", b"[1]", b"\xff", b'{"id": 1}', b'{"id": 1, "command": "explore"}', b'{"id": 2, "command": "__init__"}',
                     b'{"id": 3, "command": "hello", "protocol": 2}', b'{"id": 4, "command": "open"}'):
            with self.subTest(line):
                reply = self.agent.send_line(line)
                check_message("refusal", reply)
                self.assertEqual(reply["error"]["kind"], "usage")
        self.agent.open(counter)
        for line in (b'{"id": 5, "command": "explore", "sites": [], "schedules": [[["a", 1]]]}',
                     b'{"id": 5, "command": "explore", "sites": [], "schedules": [3]}',
                     b'{"id": 6, "command": "replay", "plan": [3]}', b'{"id": 6, "command": "name", "sites": "all"}'):
            with self.subTest(line):
                self.assertEqual(self.agent.send_line(line)["error"]["kind"], "usage")
        self.assertTrue(self.agent.ask("serial", repeats=1, warmups=0)["stable"])

    def test_unknown_fields_are_ignored(self):
        self.assertTrue(self.agent.ask("hello", protocol=1, color="blue")["ok"])

    def test_replies_stay_below_four_mebibytes(self):
        source = """
def operation_b():
    return None
def many(n):
    def operation():
        return [("%d " % n) * 190 + str(m) for m in range(2000)]
    return operation
threads = [[many(n) for n in range(8)], [operation_b]]
"""
        self.agent.open(source)
        reply = self.agent.ask("serial", repeats=1, warmups=0)
        self.assertLess(len(json.dumps(reply)), 4 * 1024 * 1024 + 1000)
        self.assertIn("…", reply["outcomes"][0]["threads"][0]["operations"][0]["value"][-5:])

    def test_end_of_requests_ends_the_process(self):
        agent = Agent()
        agent.close()
        self.assertEqual(agent._process.returncode, 0)

    def test_names_of_broken_subjects(self):
        with self.assertRaises(Refused) as caught:
            self.agent.open("import json.nothing_here\n")
        self.assertIn("nothing_here", caught.exception.message)

    def test_collect(self):
        Study(self.agent, "def operation_a():\n    x = []\n    x.append(x)\ndef operation_b(): pass\n")
        self.assertGreaterEqual(self.agent.ask("collect")["collected"], 0 if sys.implementation.name == "pypy" else 1)


if __name__ == "__main__":
    unittest.main()
