"""The checker of static guards on small modules: every shape, locks, waivers, and that lines do not matter."""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "checker")
PARTS = ("places.py", "waivers.py", "verdict.py")
SHAPES = "update global-store class-store slot-cleared append-then-length iteration check-then-take check-then-store filled-when-empty".split()


def settings(**changed):
    config = {
        "modules": ["subject"],
        "shapes": SHAPES,
        "names": [],
        "locks": r"lock|mutex|cond(ition)?$|semaphore|synchron",
        "accepted": {},
        "all_shapes": {shape: "python/rule-of-%s" % shape for shape in SHAPES},
    }
    config.update(changed)
    return config


def guard_text(config):
    texts = ["CONFIG = %r\n" % config]
    for part in PARTS:
        with open(os.path.join(CHECKER, part), encoding="utf-8") as source:
            texts.append(source.read())
    return "\n\n".join(texts)


def check(text, **changed):
    """The report on one module."""
    names = {"__name__": "guard"}
    exec(compile(guard_text(settings(**changed)), "guard", "exec"), names)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "subject.py")
        with open(path, "w", encoding="utf-8") as module:
            module.write(textwrap.dedent(text))
        return names["check"]([path])


def flagged(text, **changed):
    return [(place.function, place.shape, place.name) for place in check(text, **changed).flagged]


class Shapes(unittest.TestCase):
    def test_updates(self):
        text = """
            class A:
                def __init__(self):
                    self.n += 1
                def f(self, other):
                    self.n += 1
                    other.m = other.m + 1
                    self.d["k"] -= 1
                    self.plain = 3
                    local = 0
                    local += 1
            def g():
                global total
                total += 1
        """
        expected = [("A.f", "update", "n"), ("A.f", "update", "m"), ("A.f", "update", "[k]"), ("g", "update", "total")]
        self.assertEqual(flagged(text), expected)
        self.assertEqual([(place.name, why) for place, why in check(text).exempt], [("n", "construction")])

    def test_globals_and_class_attributes(self):
        text = """
            import settings
            USER = 1
            OTHER = 2
            def set_user(u):
                global USER
                USER = u
                settings.level = 3
            class A:
                on = False
                @classmethod
                def f(cls):
                    cls.on = True
                def g(self):
                    A.on = False
                    self.on = True
        """
        expected = [
            ("set_user", "global-store", "USER"),
            ("set_user", "global-store", "level"),
            ("A.f", "class-store", "on"),
            ("A.g", "class-store", "on"),
        ]
        self.assertEqual(flagged(text), expected)
        self.assertEqual([place.name for place, why in check(text).exempt if why == "import time"], ["USER"])

    def test_containers(self):
        text = """
            import heapq
            class A:
                def slots(self, i):
                    self.files[i] = None
                def allocate(self, x):
                    self.files.append(x)
                    return len(self.files) - 1
                def walk(self):
                    for k, v in self.table.items():
                        print(k)
                    return [x for x in self.rows] + list(self.safe)
                def take(self):
                    if self.heap:
                        return heapq.heappop(self.heap)
                def put(self, k):
                    if k not in self.table:
                        self.table[k] = 1
                def lazy(self):
                    if self.cache is None:
                        self.cache = 1
        """
        expected = [
            ("A.slots", "slot-cleared", "files"),
            ("A.allocate", "append-then-length", "files"),
            ("A.walk", "iteration", "table"),
            ("A.walk", "iteration", "rows"),
            ("A.take", "check-then-take", "heap"),
            ("A.put", "check-then-store", "table"),
            ("A.lazy", "filled-when-empty", "cache"),
        ]
        self.assertEqual(flagged(text), expected)

    def test_locks_silence(self):
        text = """
            import threading
            class A:
                def __init__(self):
                    self.guard = threading.Lock()
                def a(self):
                    with self.guard:
                        self.n += 1
                def b(self):
                    self._lock.acquire()
                    try:
                        self.n += 1
                    finally:
                        self._lock.release()
                @synchronized
                def c(self):
                    self.n += 1
                def d(self):
                    with open("x"):
                        self.n += 1
                def e(self):
                    with self._lock:
                        def later():
                            self.n += 1
                        return later
        """
        self.assertEqual(flagged(text), [("A.d", "update", "n"), ("A.e.later", "update", "n")])


class Selection(unittest.TestCase):
    TEXT = """
        class A:
            def f(self):
                self.n += 1
                self.m += 1
                self.d["n"] += 1
            def g(self):
                self.n += 1
    """

    def test_names(self):
        self.assertEqual(flagged(self.TEXT, names=["n"]), [("A.f", "update", "n"), ("A.g", "update", "n")])
        self.assertEqual(flagged(self.TEXT, names=["[n]"]), [("A.f", "update", "[n]")])
        self.assertEqual(flagged(self.TEXT, names=["A.f:n", "m*"]), [("A.f", "update", "n"), ("A.f", "update", "m")])
        self.assertEqual(flagged(self.TEXT, shapes=["iteration"]), [])

    def test_accepted_places_are_counted_and_become_stale(self):
        accepted = {"subject.py::A.f update n": 1, "subject.py::A.gone update n": 1}
        report = check(self.TEXT, names=["n"], accepted=accepted)
        self.assertEqual([place.function for place in report.flagged], ["A.g"])
        self.assertEqual(report.stale, ["subject.py::A.gone update n is accepted and not there any more"])

    def test_lines_do_not_matter(self):
        moved = "\n\n# moved\n" + textwrap.dedent(self.TEXT)
        self.assertEqual(flagged(moved), flagged(self.TEXT))


class Waivers(unittest.TestCase):
    def one(self, line, above="", header=""):
        text = "class A:\n    def f(self):%s\n        %s\n        self.n += 1%s\n" % (header, above or "pass", line)
        report = check(text)
        return len(report.flagged), len(report.waived), len(report.stale), len(report.problems)

    def test_places(self):
        self.assertEqual(self.one(""), (1, 0, 0, 0))
        self.assertEqual(self.one("  # thread_safe_ok: one caller"), (0, 1, 0, 0))
        self.assertEqual(self.one("", above="# thread_safe_ok"), (0, 1, 0, 0))
        self.assertEqual(self.one("", header="  # thread_safe_ok: all callers hold it"), (0, 1, 0, 0))

    def test_allowances(self):
        self.assertEqual(self.one("  # raceproof: allow[rule-of-update] one caller"), (0, 1, 0, 0))
        self.assertEqual(self.one("  # raceproof: allow[python/rule-of-update] until=2999-01-01 one caller"), (0, 1, 0, 0))
        self.assertEqual(self.one("  # raceproof: allow[rule-of-update]"), (1, 0, 0, 1))
        self.assertEqual(self.one("  # raceproof: allow[rule-of-update] until=2001-01-01 one caller"), (1, 0, 0, 1))
        self.assertEqual(self.one("  # raceproof: allow[rule-of-iteration] wrong rule"), (1, 0, 1, 0))

    def test_stale(self):
        self.assertEqual(check("x = 1  # thread_safe_ok: nothing here\n").stale, ["subject.py:1 the waiver stands at nothing"])
        self.assertEqual(check("x = '# thread_safe_ok'\n").stale, [])
        locked = "class A:\n    def f(self):\n        with self.lock:\n            self.n += 1  # thread_safe_ok: fixed meanwhile\n"
        self.assertEqual(len(check(locked).stale), 1)

    def test_a_waiver_of_another_name_is_not_stale(self):
        text = "class A:\n    def f(self):\n        self.n += 1  # thread_safe_ok: not asked for here\n"
        report = check(text, names=["m"])
        self.assertEqual((report.flagged, report.waived, report.stale), ([], [], []))


class Program(unittest.TestCase):
    def test_finds_the_installed_module_and_says_so_by_its_exit_code(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "subject"))
            os.mkdir(os.path.join(folder, "subject", "tests"))
            for name, text in (("__init__.py", ""), ("a.py", "def f(x):\n    x.n += 1\n"), (os.path.join("tests", "b.py"), "def f(x):\n    x.n += 1\n")):
                with open(os.path.join(folder, "subject", name), "w", encoding="utf-8") as module:
                    module.write(text)
            environment = dict(os.environ, PYTHONPATH=folder)
            run = subprocess.run([sys.executable, "-"], input=guard_text(settings()), env=environment, stdout=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stdout.splitlines()[0], "flagged  subject/a.py:2 f: update of n (python/rule-of-update)")
        self.assertEqual(run.stdout.splitlines()[-1], "1 flagged, 0 waived (0 by comments), 0 stale, 0 problems")


if __name__ == "__main__":
    unittest.main()
