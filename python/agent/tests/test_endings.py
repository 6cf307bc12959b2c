"""Executions that do not end well: loops, blocking in C, crashes, forks; and how honestly that is said."""

import sys
import unittest

from explorer import Agent, Died, Study, results

SPIN = """
class Flag:
    def __init__(self):
        self.up = False
        self.down = False
def setup():
    return Flag()
def operation_wait(flag):
    while not flag.up:
        pass
    return "seen"
def operation_raise(flag):
    flag.up = True
"""

LIVELOCK = """
class Ring:
    def __init__(self):
        self.following = {0: 1, 1: None}
    def walk(self):
        place, steps = 0, 0
        while place is not None:
            place = self.following[place]
            steps += 1
        return steps
    def knot(self):
        self.following[1] = 0
def setup():
    return Ring()
def operation_walk(ring):
    return ring.walk()
def operation_knot(ring):
    ring.knot()
"""

SILENT_LOOP = """
class Box:
    def __init__(self):
        self.stuck = False
    def run(self):
        stuck = self.stuck
        number = 0
        while stuck:
            number = 1
        return number
def setup():
    return Box()
def operation_run(box):
    return box.run()
def operation_jam(box):
    box.stuck = True
    box.stuck = False
"""

BLOCK_IN_C = """
import os
class Pipe:
    def __init__(self):
        self.reader, self.writer = os.pipe()
        self.got = None
def setup():
    return Pipe()
def operation_read(pipe):
    pipe.got = os.read(pipe.reader, 1)
    return pipe.got
def operation_write(pipe):
    os.write(pipe.writer, b"x")
def observe(pipe):
    os.close(pipe.reader)
    os.close(pipe.writer)
    return pipe.got
"""

CRASH = """
import %s
class Box:
    def __init__(self):
        self.first = True
        self.second = False
def setup():
    return Box()
def operation_one(box):
    box.first = False
    box.second = False
    box.first = True
def operation_two(box):
    if not box.first:
        %s
"""

FORK = """
import os
def operation_one():
    child = os.fork()
    if child == 0:
        return "only in the child"
    return os.waitpid(child, 0)[1]
def operation_two():
    return 2
"""


class Endings(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def test_waiting_in_a_loop_gets_its_chance(self):
        study = Study(self.agent, SPIN)
        orders = {tuple(entry["order"]): study.outcomes[entry["outcome"]]["ending"] for entry in study.serial["orders"]}
        self.assertEqual(orders, {(0, 1): "finished", (1, 0): "finished"})

    def test_an_endless_loop_over_switch_points_is_a_hang(self):
        study = Study(self.agent, LIVELOCK)
        endings = {entry["ending"] for entry in study.serial["outcomes"]}
        self.assertIn("hang", endings)
        hang = [outcome for outcome in study.serial["outcomes"] if outcome["ending"] == "hang"][0]
        self.assertIn("operation_walk", hang["detail"])
        self.assertEqual(results(hang), [[None], ["None"]])

    def test_a_loop_without_switch_points_is_unwound(self):
        study = Study(self.agent, SILENT_LOOP)
        found = study.first_strange()
        self.assertIsNotNone(found)
        schedule, outcome = found
        self.assertEqual(outcome["ending"], "hang")
        # the agent goes on afterwards, and the same schedule hangs again
        reply = study.explore([[[0, None], [1, None]], schedule])
        self.assertEqual(reply["first"]["index"], 1)
        self.assertEqual(reply["first"]["outcome"], outcome["id"])

    def test_a_thread_blocked_in_c_is_detached_and_counted(self):
        study = Study(self.agent, BLOCK_IN_C)
        self.assertEqual({outcome["ending"] for outcome in study.serial["outcomes"]}, {"finished"})
        reply = study.explore([[[0, None], [1, None]], [[1, None], [0, None]]])
        self.assertEqual(reply["uncontrolled"], 1)
        self.assertIsNone(reply["first"])

    def test_a_thread_blocked_in_c_for_ever_is_left_behind(self):
        source = BLOCK_IN_C.replace('    os.write(pipe.writer, b"x")\n', "    pass\n")
        self.agent.open(source)
        serial = self.agent.ask("serial", repeats=1, warmups=1)
        for outcome in serial["outcomes"]:
            self.assertIn(outcome["ending"], ("deadlock", "hang"))
            self.assertIn("operation_read is blocked outside the scheduler", outcome["detail"])
        self.assertTrue(Study(self.agent, SPIN).serial["stable"])

    def test_threads_started_in_setup_are_waited_for_and_said(self):
        source = """
import queue, threading
class Server:
    def __init__(self):
        self.asked, self.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self.serve, daemon=True).start()
    def serve(self):
        while True:
            question = self.asked.get()
            if question is None:
                return
            self.answers.put(question + 1)
    def ask(self, number):
        self.asked.put(number)
        return self.answers.get()
def setup():
    return Server()
def operation_one(server):
    return server.ask(1)
def operation_two(server):
    return None
def observe(server):
    server.asked.put(None)
"""
        self.agent.open(source)
        serial = self.agent.ask("serial", repeats=1, warmups=1)
        self.assertEqual({str(results(outcome)) for outcome in serial["outcomes"]}, {"[['2'], ['None']]"})
        reply = self.agent.ask("explore", sites=[], schedules=[[[0, None], [1, None]]] * 3, accept=[], stop=False)
        self.assertEqual(reply["uncontrolled"], 3)

    def test_exit_leaves_the_number_of_the_execution(self):
        study = Study(self.agent, CRASH % ("os", "os._exit(7)"))
        schedules = [[[0, 2], [1, None], [0, None]], [[1, None], [0, None]], [[0, 3], [1, None], [0, None]]]
        with self.assertRaises(Died) as caught:
            study.explore(schedules, sites="all")
        self.assertEqual(caught.exception.status, 7)
        self.assertEqual(caught.exception.progress, 2)

    def test_a_segmentation_fault_leaves_its_number_and_stacks(self):
        study = Study(self.agent, CRASH % ("faulthandler", "faulthandler._sigsegv()"))
        with self.assertRaises(Died) as caught:
            study.explore([[[0, None], [1, None]], [[0, 3], [1, None], [0, None]]], sites="all")
        self.assertEqual(caught.exception.status, -11)
        self.assertEqual(caught.exception.progress, 1)
        self.assertIn("Segmentation fault", caught.exception.stderr)

    def test_the_number_is_gone_when_idle(self):
        study = Study(self.agent, SPIN)
        study.explore([[[0, None], [1, None]]])
        self.assertIsNone(self.agent.progress())

    def test_a_forked_child_does_not_talk(self):
        study = Study(self.agent, FORK)
        self.assertEqual(results(study.serial["outcomes"][0]), [["0"], ["2"]])
        self.assertEqual(len(study.serial["outcomes"]), 1)

    def test_a_fork_in_setup_does_not_talk(self):
        source = "import os\ndef setup():\n    if os.fork():\n        return os.wait()[1]\n" + SPIN.partition("def setup():\n    return Flag()\n")[2]
        source = source.replace("while not flag.up", "while False").replace("flag.up = True", "pass")
        study = Study(self.agent, source)
        self.assertEqual(study.serial["outcomes"][0]["state"], "0")

    @unittest.skipUnless(sys.platform == "linux", "address space is limited on Linux")
    def test_memory_is_limited(self):
        agent = Agent(["--memory-limit", str(3 << 30)])
        self.addCleanup(agent.close)
        source = "def operation_one():\n    return len(bytearray(4 << 30))\ndef operation_two():\n    return 1\n"
        study = Study(agent, source)
        self.assertEqual(results(study.serial["outcomes"][0]), [["MemoryError"], ["1"]])


if __name__ == "__main__":
    unittest.main()
