"""Candidates for objects and calls of an extension, on a module in Python: some are taken, some refused, one ends the process."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MODULE = """
import os
import types


class Node:
    def __init__(self, held):
        self.held = held

    def view(self):
        return hidden[0](self)

    def put(self, value, callback):
        callback()


class View:
    def __init__(self, node):
        if not isinstance(node, Node):
            raise TypeError(node)


def end():
    os.abort()


def fail():
    raise ValueError


inner = types.ModuleType("inner")
inner.Node = type("Node", (), {})
hidden = [View]
del View
"""
_NAMES = {"1": {"name": "Node", "hints": ["node"]}, "2": {"name": "View", "hints": []}, "3": {"name": "Node", "hints": ["inner"]}}
_FUNCTIONS = {"7": {"name": "end", "hints": []}, "8": {"name": "fail", "hints": []}}


@unittest.skipIf(sys.implementation.name == "pypy", "extensions are tried on CPython")
class ExtensionCalls(unittest.TestCase):
    """One process per request."""

    def ask(self, objects, calls=(), skipped=()):
        """Replies and exit status."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "subject_of_calls.py"), "w") as file:
                file.write(_MODULE)
            names = dict(_NAMES, **_FUNCTIONS)
            request = {"paths": [folder], "modules": ["subject_of_calls"], "names": names, "objects": objects, "calls": calls, "skipped": skipped}
            requests, replies = os.pipe(), os.pipe()
            os.write(requests[1], (json.dumps(request) + "\n").encode())
            arguments = ["--requests-fd", str(requests[0]), "--replies-fd", str(replies[1])]
            command = [sys.executable, "-B", "-m", "raceproof_agent.extension_calls"] + arguments
            process = subprocess.Popen(command, cwd=_FOLDER, pass_fds=(requests[0], replies[1]), stderr=subprocess.DEVNULL)
            os.close(replies[1])
            process.communicate(timeout=60)
            with os.fdopen(replies[0], "rb") as stream:
                lines = [json.loads(line) for line in stream.read().decode().splitlines()]
            for descriptor in requests:
                os.close(descriptor)
        return lines, {line["chosen"]: line["expressions"] for line in lines if "chosen" in line}

    def test_objects_are_made_of_others_whatever_their_order(self):
        view = {"key": "2", "candidates": ["$1$.nothing()", "k($1$).view()"]}
        node = {"key": "1", "candidates": ["@1@()", "@1@('a')", "@1@(1)", "@1@(o)"]}
        lines, chosen = self.ask([view, node, {"key": "3", "candidates": ["@3@()"]}])
        self.assertEqual(chosen["1"], [{"text": "m.Node(o)", "keeps": True, "raised": False}, {"text": "m.Node('a')", "keeps": False, "raised": False}])
        self.assertEqual([each["text"] for each in chosen["2"]], ["k(m.Node(o)).view()"])
        self.assertEqual([each["text"] for each in chosen["3"]], ["m.inner.Node()"])
        self.assertEqual(lines[-1], {"done": True})

    def test_calls_with_a_callback_are_kept_too_and_failures_where_nothing_else_is(self):
        node = {"key": "1", "candidates": ["@1@(1)"]}
        put = {"key": "9", "self": "1", "candidates": ["r.put(1, int)", "r.put(2, int)", "r.put(1, 2)", "r.put(1, f)"]}
        _, chosen = self.ask([node], [put, {"key": "8", "self": None, "candidates": ["@8@()"]}])
        self.assertEqual([each["text"] for each in chosen["9"]], ["r.put(1, int)", "r.put(1, f)"])
        self.assertEqual(chosen["8"], [{"text": "m.fail()", "keeps": False, "raised": True}])

    def test_what_ends_the_process_was_named_before_and_can_be_skipped(self):
        calls = [{"key": "7", "self": None, "candidates": ["@7@()"]}]
        lines, _ = self.ask([], calls)
        self.assertEqual(lines[-1], {"begin": "None | m.end()", "key": "7", "text": "m.end()"})
        lines, chosen = self.ask([], calls, ["None | m.end()"])
        self.assertEqual((lines, chosen), ([{"done": True}], {}))


if __name__ == "__main__":
    unittest.main()
