"""The extension probe, on modules in Python that do what extensions do: end, hang, keep, hold."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MODULE = """
import os
import threading

lock = threading.Lock()
kept = []


class Node:
    def __init__(self, held=None):
        self.held = held


class Keeper:
    def __init__(self, held):
        kept.append(held)


def run(callback):
    with lock:
        callback()


def stuck(callback):
    lock.acquire()
    callback()


def crash():
    os.abort()


class Busy:
    def __init__(self):
        self.owner = threading.get_ident()
        self.inside = threading.Lock()

    def work(self, pause):
        if not self.inside.acquire(False):
            raise RuntimeError("Already borrowed")
        pause()
        self.inside.release()

    def used_by(self):
        if threading.get_ident() != self.owner:
            os.write(2, b"Busy is unsendable, but sent to another thread")
"""


@unittest.skipIf(sys.implementation.name == "pypy", "extensions are tried on CPython")
class ExtensionProbe(unittest.TestCase):
    """One process per look."""

    def look(self, kind, arm="experiment", make=(), call=None, attributes=(), calls=()):
        """Replies and exit status."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "subject_of_probe.py"), "w") as file:
                file.write(_MODULE)
            request = {"paths": [folder], "modules": ["subject_of_probe"], "kind": kind, "arm": arm, "make": list(make), "call": call}
            request.update(calls=list(calls), attributes=list(attributes), threads=2, rounds=2, seconds=1)
            requests, replies = os.pipe(), os.pipe()
            os.write(requests[1], (json.dumps(request) + "\n").encode())
            arguments = ["--requests-fd", str(requests[0]), "--replies-fd", str(replies[1])]
            command = [sys.executable, "-B", "-m", "raceproof_agent.extension_probe"] + arguments
            process = subprocess.Popen(command, cwd=_FOLDER, pass_fds=(requests[0], replies[1]), stderr=subprocess.PIPE)
            os.close(replies[1])
            _, errors = process.communicate(timeout=60)
            with os.fdopen(replies[0], "rb") as stream:
                lines = [json.loads(line) for line in stream.read().decode().splitlines()]
            for descriptor in requests:
                os.close(descriptor)
        return lines, process.returncode, errors.decode()

    def test_objects_survive_collections_and_threads(self):
        lines, status, _ = self.look("collect", make=["m.Node(o)"], call="m.run(f)")
        self.assertEqual(status, 0)
        self.assertIn("seen", lines[-1])
        self.assertIn({"step": "gc.collect()"}, lines)

    def test_the_control_never_collects(self):
        lines, _, _ = self.look("collect", arm="control", make=["m.Node(o)"], call="m.run(f)")
        self.assertEqual(lines[-1], {"seen": {"collected": 0}})
        self.assertNotIn({"step": "gc.collect()"}, lines)

    def test_cycles_are_counted(self):
        for arm in ("experiment", "control"):
            lines, _, _ = self.look("cycles", arm=arm, make=["m.Node()"], attributes=["held"])
            self.assertEqual((lines[-1]["seen"]["cycles"], lines[-1]["seen"]["alive"]), (100, 0))
        lines, _, _ = self.look("cycles", make=["m.Keeper(o)"])
        self.assertEqual((lines[-1]["seen"]["alive"], lines[-1]["seen"]["visited"]), (100, 0))

    def test_a_hang_tells_its_step_and_stacks(self):
        lines, status, errors = self.look("together", call="m.stuck(f)")
        self.assertEqual((lines[-1], status), ({"step": "m.stuck(f)"}, 1))
        self.assertIn("in stuck", errors)
        lines, _, _ = self.look("together", call="m.run(f)")
        self.assertIn("seen", lines[-1])

    def test_a_crash_tells_its_step(self):
        lines, status, _ = self.look("collect", call="m.crash()")
        self.assertEqual(lines[-1], {"step": "m.crash()"})
        self.assertLess(status, 0)

    def test_an_object_that_another_thread_has_cannot_be_borrowed(self):
        lines, _, _ = self.look("borrow", make=["m.Busy()"], calls=["r.work(f)", "r.work(f)"])
        self.assertEqual(lines[-1]["seen"]["borrowed"], "RuntimeError: Already borrowed")
        lines, _, _ = self.look("borrow", arm="control", make=["m.Busy()"], calls=["r.work(f)", "r.work(f)"])
        self.assertIsNone(lines[-1]["seen"]["borrowed"])

    def test_an_object_is_used_by_another_thread(self):
        for arm, said in (("experiment", True), ("control", False)):
            lines, _, errors = self.look("elsewhere", arm=arm, make=["m.Busy()"], calls=["r.used_by()"])
            self.assertIn("seen", lines[-1])
            self.assertEqual("is unsendable, but" in errors, said)

    def test_what_cannot_be_made_is_refused(self):
        lines, _, _ = self.look("collect", make=["m.Nothing()"])
        self.assertIn("AttributeError", lines[-1]["refused"])

    def test_methods_share_one_object(self):
        lines, _, _ = self.look("together", make=["m.Node(o)"], call="setattr(r, 'held', f)")
        self.assertIn("seen", lines[-1])


if __name__ == "__main__":
    unittest.main()
