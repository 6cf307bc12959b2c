"""The probe finds calls of an extension's entry points by trying, and tells of each call before it is made."""

import importlib
import json
import os
import subprocess
import sys
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, FOLDER)

from raceproof_agent.native_stack import NativeStack  # noqa: E402 (the folder is not a package of ours)

PRELUDE = """
CALLED = set()

class Noted:
    def __eq__(self, other):
        CALLED.add("__eq__")
        return False

def filled(r, text):
    for i in range(8):
        exec(text, dict(globals(), r=r, i=i))
    return r

def state_of(make):
    return (make(), make(), {}, [])
"""
RECEIVER = "m0.ArrayType('i', [1, 2, 3])"  # The same type as array, and the first in the alphabet.
TABLE = [
    {"function": "array_append", "attribute": "append", "forms": ["$.append({*})"]},
    {"function": "array_length", "attribute": "__len__", "forms": ["len($)"]},
    {"function": "array_subscript", "attribute": "__getitem__", "forms": ["$[{0}]"]},
    {"function": "array_store", "attribute": "__setitem__", "forms": ["$[{0}] = {1}"]},
    {"function": "array_contains", "attribute": "__contains__", "forms": ["{0} in $"]},
]


def probe(**changed):
    """All lines of one run."""
    request = {
        "paths": [],
        "modules": ["array"],
        "tables": [{"type": None, "entries": TABLE}],
        "functions": {},
        "arguments": [[], ["'i'"], ["'i'", "[1, 2, 3]"], ["0"], ["Noted()"], ["0", "5"], ["r"]],
        "prelude": PRELUDE,
        "skipped": [],
        "library": None,
    }
    request.update(changed)
    to_child, replies = os.pipe(), os.pipe()
    code = 'import sys; sys.path[0] = sys.argv.pop(1); import runpy; runpy.run_module("raceproof_agent.native_probe", run_name="__main__", alter_sys=True)'
    command = [sys.executable, "-s", "-c", code, FOLDER, "--requests-fd", str(to_child[0]), "--replies-fd", str(replies[1])]
    child = subprocess.Popen(command, pass_fds=(to_child[0], replies[1]))
    os.write(to_child[1], json.dumps(request).encode() + b"\n")
    for descriptor in (to_child[0], to_child[1], replies[1]):
        os.close(descriptor)
    with os.fdopen(replies[0]) as stream:
        lines = [json.loads(line) for line in stream]
    child.wait()
    return lines


@unittest.skipIf(sys.implementation.name != "cpython", "PyPy has no array in C")
class Probe(unittest.TestCase):
    def calls(self, **changed):
        return [line["call"] for line in probe(**changed) if "call" in line]

    def test_finds_receivers_and_arguments(self):
        found = {(call["function"], call["expression"]) for call in self.calls()}
        self.assertIn(("array_append", "r.append(0)"), found)
        self.assertIn(("array_length", "len(r)"), found)
        self.assertIn(("array_subscript", "r[0]"), found)
        self.assertIn(("array_store", "r[0] = 5"), found)
        self.assertNotIn(("array_append", "r.append('i')"), found)

    def test_goes_by_the_name_of_a_type_where_it_is_known(self):
        unknown = [{"function": name, "attribute": name, "forms": ["$.%s()" % name]} for name in ("one", "two", "three")]
        found = {call["function"] for call in self.calls(tables=[{"type": "array", "entries": TABLE + unknown}])}
        self.assertEqual(found, {entry["function"] for entry in TABLE})
        self.assertEqual(self.calls(tables=[{"type": "Other", "entries": TABLE}]), [])

    def test_prefers_receivers_that_hold_something(self):
        self.assertEqual({call["receiver"] for call in self.calls()}, {RECEIVER})

    def test_fills_what_can_only_be_made_empty(self):
        calls = self.calls(arguments=[[], ["'i'"], ["int(i)"]])
        self.assertEqual({call["receiver"] for call in calls}, {"filled(m0.ArrayType('i'), 'r.append(int(i))')"})
        self.assertEqual({call["fill"] for call in calls}, {"r.append(int(i))"})
        self.assertEqual({call["growth"] for call in calls if call["function"] == "array_length"}, {0})

    def test_tells_which_calls_call_back(self):
        called = [call for call in self.calls() if call["callbacks"]]
        self.assertEqual([(call["expression"], call["callbacks"]) for call in called], [("Noted() in r", ["__eq__"])])
        self.assertEqual([window["callback"] for window in called[0]["windows"]], ["__eq__"])

    def test_tells_where_the_extension_was(self):
        _bisect = importlib.import_module("_bisect")
        if not hasattr(_bisect, "__file__"):
            self.skipTest("_bisect is part of the interpreter")
        stacks = []
        stack = NativeStack([_bisect.__file__])

        class Asked:
            def __lt__(self, other):
                stacks.append(stack.read())
                return False

        _bisect.bisect_left([Asked()], Asked())
        self.assertEqual({library for library, _ in stacks[0]}, {_bisect.__file__})
        self.assertEqual(stack.read(), ())

    def test_tells_each_call_before_it_is_made(self):
        lines = probe()
        self.assertEqual(lines[-1], {"done": True})
        for before, line in zip(lines, lines[1:]):
            if "call" in line:
                self.assertEqual(before["begin"], "%(receiver)s | %(expression)s" % line["call"])

    def test_leaves_out_what_ended_a_process(self):
        text = RECEIVER + " | r.append(0)"
        self.assertNotIn({"begin": text}, probe(skipped=[text]))

    def test_says_why_there_is_nothing(self):
        self.assertIn("ModuleNotFoundError", probe(modules=["no_such_module"])[-1]["refused"])


if __name__ == "__main__":
    unittest.main()
