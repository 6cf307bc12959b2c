"""Whatever blocks outside the scheduler is said: such an execution is never counted among those that were controlled."""

import importlib.util
import unittest

from explorer import Agent, Study

# Each makes `gate`, whose enter() blocks in C while another thread is between enter() and leave().
GATES = {
    "a lock made before the agent came": """
from importlib import _bootstrap
class Gate:
    def __init__(self):
        self.lock = _bootstrap._thread.allocate_lock()
    def enter(self):
        self.lock.acquire()
    def leave(self):
        self.lock.release()
""",
    "a pipe": """
import os
class Gate:
    def __init__(self):
        self.reader, self.writer = os.pipe()
        os.write(self.writer, b"x")
    def enter(self):
        os.read(self.reader, 1)
    def leave(self):
        os.write(self.writer, b"x")
""",
    "a socket": """
import socket
class Gate:
    def __init__(self):
        self.reader, self.writer = socket.socketpair()
        self.writer.send(b"x")
    def enter(self):
        self.reader.recv(1)
    def leave(self):
        self.writer.send(b"x")
""",
    "a lock of the file system": """
import fcntl, tempfile
class Gate:
    def __init__(self):
        self.stream = tempfile.NamedTemporaryFile()
    def enter(self):
        self.mine = open(self.stream.name, "wb")
        fcntl.flock(self.mine, fcntl.LOCK_EX)
    def leave(self):
        fcntl.flock(self.mine, fcntl.LOCK_UN)
""",
    "a lock between processes": """
import multiprocessing
class Gate:
    def __init__(self):
        self.lock = multiprocessing.Lock()
    def enter(self):
        self.lock.acquire()
    def leave(self):
        self.lock.release()
""",
    "the end of a child process": """
import os, subprocess
class Gate:
    def __init__(self):
        self.reader, self.writer = os.pipe()
        self.leave()
    def enter(self):
        subprocess.call(["sh", "-c", "read line"], stdin=self.reader)
    def leave(self):
        os.write(self.writer, b"x\\n")
""",
    "readiness of a descriptor, polled": """
import os, select
class Gate:
    def __init__(self):
        self.reader, self.writer = os.pipe()
        self.poll = select.poll()
        self.poll.register(self.reader, select.POLLIN)
        self.leave()
    def enter(self):
        self.poll.poll()
        os.read(self.reader, 1)
    def leave(self):
        os.write(self.writer, b"x")
""",
}
if importlib.util.find_spec("_queue") is not None:
    GATES["a queue written in C"] = """
import _queue
class Gate:
    def __init__(self):
        self.queue = _queue.SimpleQueue()
        self.leave()
    def enter(self):
        self.queue.get()
    def leave(self):
        self.queue.put(1)
"""

USE = """
class Box:
    def __init__(self):
        self.gate = Gate()
        self.inside = 0
    def use(self):
        self.gate.enter()
        self.inside += 1
        self.gate.leave()
def setup():
    return Box()
def operation_one(box):
    box.use()
def operation_other(box):
    box.use()
def observe(box):
    return box.inside
"""

IMPORT = """
import importlib, os, sys, tempfile
folder = tempfile.mkdtemp()
with open(os.path.join(folder, "slow_module.py"), "w") as stream:
    stream.write("import sys\\nsys.modules['raceproof_driver'].passes()\\n")
sys.path.insert(0, folder)
class Counter:
    value = 0
def passes():
    Counter.value += 1
def setup():
    sys.modules.pop("slow_module", None)
def operation_one():
    importlib.import_module("slow_module")
def operation_other():
    importlib.import_module("slow_module")
"""


class Uncontrolled(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def check(self, source):
        study = Study(self.agent, source)
        self.assertEqual({outcome["ending"] for outcome in study.serial["outcomes"]}, {"finished"})
        serial = study.explore([[[0, None], [1, None]], [[1, None], [0, None]]], sites="all")
        self.assertEqual(serial["uncontrolled"], 0)
        counts = []
        for schedule in study.bound_one("all")[:12]:
            counts.append(study.explore([schedule], sites="all")["uncontrolled"])
        self.assertGreaterEqual(sum(counts), 1, "blocked outside the scheduler, and nobody said so")
        # the agent goes on afterwards
        self.assertEqual(study.explore([[[0, None], [1, None]]], sites="all")["uncontrolled"], 0)

    def test_every_construct_that_blocks_in_c_is_counted(self):
        for name, gate in GATES.items():
            with self.subTest(name):
                self.check(gate + USE)

    def test_an_import_that_waits_for_another_one(self):
        self.check(IMPORT)


if __name__ == "__main__":
    unittest.main()
