"""Subjects that patch the process do not disturb the agent, and do not see it."""

import unittest

from explorer import Agent, Study, results

BOMB = """
import builtins, io, os, sys, time
class Bomb:
    def __getattr__(self, name):
        raise SystemError("the agent used a patched module: " + name)
    def __call__(self, *arguments, **keywords):
        raise SystemError("the agent called a patched function")
NAMES = ("os", "io", "time", "posix", "pathlib", "linecache", "traceback", "open", "select", "json", "threading", "_thread")
bomb = Bomb()
def patch_everything():
    # as fake file systems do: in every module that can be seen, also in functions' defaults
    for module in [module for module in list(sys.modules.values()) if type(module) is type(sys)]:
        for name in NAMES:
            if name in getattr(module, "__dict__", ()) and module.__name__ != __name__:
                if module.__name__.startswith(("importlib", "_frozen_importlib", "zipimport")):
                    continue
                setattr(module, name, bomb)
        for value in list(vars(module).values()):
            if type(value) is type(setup) and value.__defaults__ and any(default in (os.read, os.write, open) for default in value.__defaults__):
                value.__defaults__ = tuple(bomb for _ in value.__defaults__)
    builtins.open = bomb
    for name in ("read", "write", "open", "close", "getcwd", "chdir", "umask", "pipe", "urandom", "_exit"):
        setattr(os, name, bomb)
    for name in ("time", "monotonic", "sleep", "perf_counter"):
        setattr(time, name, bomb)
    for name in ("os", "io", "time", "linecache", "traceback", "json", "select"):
        sys.modules[name] = bomb
class Counter:
    def __init__(self):
        self.n = 0
    def add(self):
        self.n += 1
        if self.n > 5:
            raise KeyError(self.n)
def setup():
    patch_everything()
    return Counter()
def operation_one(counter):
    counter.add()
    return "".pop()
def operation_two(counter):
    counter.add()
"""

LOOK = """
import builtins, sys
def operation_one():
    import __main__
    return ([name for name in sys.modules if "raceproof" in name and name != __name__], sorted(vars(__main__))[:1],
            [entry for entry in sys.path if entry.endswith("agent")], len(sys.argv) > 0)
def operation_two():
    try:
        import explorer
    except ImportError:
        return "not importable"
"""

DESCRIPTORS = """
import os
def operation_one():
    reader, writer = os.pipe()
    os.close(reader)
    os.close(writer)
    return reader < 50, writer < 50
def operation_two():
    return os.get_inheritable(0) if False else None
"""

FINALIZERS = """
log = []
class Noisy:
    count = 0
    def __init__(self):
        self.itself = None
    def __del__(self):
        log.append(1)
        Noisy.count += 1
class Cycle(Noisy):
    def __init__(self):
        self.itself = self
def setup():
    return [Noisy(), Cycle()]
def operation_one(state):
    state.append(Noisy())
    return len(log), Noisy.count
def operation_two(state):
    return len(log), Noisy.count
"""


class Isolation(unittest.TestCase):
    def setUp(self):
        self.agent = Agent()
        self.addCleanup(self.agent.close)

    def test_a_subject_that_patches_every_module(self):
        study = Study(self.agent, BOMB)
        self.assertTrue(study.serial["stable"])
        self.assertEqual(results(study.serial["outcomes"][0]), [["AttributeError"], ["None"]])
        schedule, outcome = study.first_strange()
        self.assertEqual(outcome["state"].splitlines()[0], "Counter#1(n=1)")
        plan, named, reply = study.replay(schedule)
        self.assertEqual(reply["outcomes"], {outcome["id"]: 200})
        self.agent.ask("collect")

    def test_the_agent_is_out_of_sight(self):
        study = Study(self.agent, LOOK)
        self.assertEqual(results(study.serial["outcomes"][0])[1], ["'not importable'"])
        value = results(study.serial["outcomes"][0])[0][0]
        self.assertRegex(value, r"^\(#1\[\], #2\['__doc__'\], #3\[\], True\)$")

    def test_low_descriptors_belong_to_the_subject(self):
        study = Study(self.agent, DESCRIPTORS)
        self.assertEqual(results(study.serial["outcomes"][0])[0], ["(True, True)"])

    def test_finalizers_do_not_run_inside_the_next_execution(self):
        study = Study(self.agent, FINALIZERS)
        self.assertTrue(study.serial["stable"])
        for outcome in study.serial["outcomes"]:
            self.assertEqual(results(outcome), [["(0, 0)"], ["(0, 0)"]])
        reply = study.explore([[[0, None], [1, None]]] * 50)
        self.assertEqual(list(reply["outcomes"].values()), [50])

    def test_printing_and_reading_go_elsewhere(self):
        study = Study(self.agent, "import sys\ndef operation_one():\n    print('hello')\n    return sys.stdin.read()\ndef operation_two():\n    return sys.stderr.write('x')\n")
        self.assertEqual(results(study.serial["outcomes"][0]), [["''"], ["1"]])

    def test_deep_recursion_is_the_subject_s_own_affair(self):
        source = """
class Tree:
    def __init__(self):
        self.child = None
        self.depth = 0
    def down(self):
        self.depth += 1
        return self.child.down() if self.child is not None else self.depth
def setup():
    tree = Tree()
    tree.child = tree
    return tree
def observe(tree):
    return None
def operation_one(tree):
    tree.down()
def operation_two(tree):
    return None
"""
        study = Study(self.agent, source)
        self.assertEqual(results(study.serial["outcomes"][0])[0], ["RecursionError"])
        self.assertTrue(study.serial["stable"])


if __name__ == "__main__":
    unittest.main()
