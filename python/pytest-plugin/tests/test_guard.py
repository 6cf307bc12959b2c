"""Guards on small subjects: racy, fixed, wrongly fixed, moved away, impossible to judge. Real agents, no pretending."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PLUGIN = os.path.dirname(HERE)
AGENT = os.path.join(os.path.dirname(PLUGIN), "agent")
sys.path[:0] = [PLUGIN, AGENT]

from pytest_raceproof.guard import Witness, check  # noqa: E402
from pytest_raceproof.parallel import Workload, look  # noqa: E402
from pytest_raceproof.schedules import one_preemption, random_schedules, serial_schedules  # noqa: E402

DRIVER = """
from guarded_subject import Counter

def setup():
    return Counter()

def operation_a(counter):
    counter.add()

def operation_b(counter):
    counter.add()

def observe(counter):
    return counter.value
"""
STOP = "guarded_subject:Counter.add:write:self.value"
PLAN = [{"thread": 0, "until": {"site": STOP, "occurrence": 1}}, {"thread": 1, "until": None}]
HEAD = "import threading\n\nclass Counter:\n    def __init__(self):\n        self.value = 0\n        self.other = 0\n        self.lock = threading.Lock()\n\n"

RACY = "    def add(self):\n        self.value += 1\n"
LOCKED = "    def add(self):\n        with self.lock:\n            self.value += 1\n"
MOVED = "    def add(self):\n        with self.lock:\n            self.step()\n\n    def step(self):\n        self.value += 1\n"
# The recorded stop is inside the lock now, but the value that is written was read before it.
DODGED = """
    def add(self):
        before = self.value
        with self.lock:
            self.value = before + 1
"""
# As above, but the recorded plan itself gives a right result: the first thread to stop there writes what it read anew.
DODGED_ONCE = """
    def add(self):
        before = self.value
        with self.lock:
            if self.other == 0:
                self.other = 1
                self.value += 1
                return
        self.value = before + 1
"""
STUCK = "    def add(self):\n        with self.lock:\n            while True:\n                self.value += 1\n"


class Subject:
    """A module on sys.path, for as long as it is needed."""

    def __init__(self, body):
        self._body = body

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        with open(os.path.join(self._folder.name, "guarded_subject.py"), "w", encoding="utf-8") as module:
            module.write(HEAD + self._body)
        sys.path.insert(0, self._folder.name)
        return self._folder.name

    def __exit__(self, *_):
        sys.path.remove(self._folder.name)
        self._folder.cleanup()


def verdict_of(body, plan=PLAN, driver=DRIVER, **limits):
    with Subject(body):
        return check(Witness("counter", driver, ["guarded_subject"], plan, "a lost update"), **limits)


class Verdicts(unittest.TestCase):
    def test_the_race_fails_every_time(self):
        verdict = verdict_of(RACY, replays=200)
        self.assertEqual((verdict.kind, verdict.failing, verdict.replays), ("fails", 200, 200))
        self.assertIn("operation_a stops before %s" % STOP, verdict.reason)

    def test_the_fix_holds_and_its_neighborhood_was_explored(self):
        verdict = verdict_of(LOCKED)
        self.assertEqual((verdict.kind, verdict.reached, verdict.failing), ("holds", verdict.replays, 0))
        self.assertGreater(verdict.schedules, 200)

    def test_a_fix_that_only_moves_the_window_fails(self):
        verdict = verdict_of(DODGED)
        self.assertEqual(verdict.kind, "fails")

    def test_a_fix_that_dodges_the_recorded_schedule_fails_by_exploration(self):
        plan = [{"thread": 0, "until": {"site": STOP, "occurrence": 1}}, {"thread": 0, "until": None}, {"thread": 1, "until": None}]
        verdict = verdict_of(DODGED_ONCE, plan=plan)
        self.assertEqual((verdict.kind, verdict.failing), ("fails", 0))
        self.assertGreater(verdict.schedules, 0)

    def test_a_place_that_is_gone_makes_it_stale(self):
        verdict = verdict_of(MOVED)
        self.assertEqual((verdict.kind, verdict.reason), ("stale", "the source no longer has %s" % STOP))
        self.assertGreater(verdict.schedules, 0)

    def test_a_stop_that_is_not_reached_makes_it_stale(self):
        plan = [{"thread": 0, "until": {"site": STOP, "occurrence": 7}}, {"thread": 1, "until": None}]
        self.assertEqual(verdict_of(LOCKED, plan=plan).kind, "stale")

    def test_a_stop_that_a_lock_prevents_is_no_staleness(self):
        stops = [{"thread": thread, "until": {"site": STOP, "occurrence": 1}} for thread in (0, 1)]
        verdict = verdict_of(LOCKED, plan=stops + [{"thread": 0, "until": None}])
        self.assertEqual((verdict.kind, verdict.reached), ("holds", 0))

    def test_what_cannot_be_judged_does_not_hold(self):
        self.assertEqual(verdict_of(STUCK).kind, "inconclusive")
        self.assertEqual(verdict_of("    def add(self:\n").kind, "inconclusive")
        unstable = DRIVER.replace("    counter.add()", "    import sys\n    sys.calls = getattr(sys, 'calls', 0) + 1\n    return sys.calls")
        self.assertIn("different outcomes", verdict_of(LOCKED, driver=unstable).reason)
        always = DRIVER.replace("counter.add()", "raise ValueError(1)")
        self.assertEqual(verdict_of(LOCKED, driver=always).kind, "inconclusive")

    def test_a_dead_process_does_not_hold(self):
        dying = DRIVER.replace("counter.add()", "__import__('os')._exit(3)")
        verdict = verdict_of(LOCKED, driver=dying)
        self.assertEqual((verdict.kind, verdict.reason), ("inconclusive", "the tested process ended with status 3"))

    def test_the_hash_seed_does_not_matter(self):
        self.assertEqual({verdict_of(RACY, hash_seed=seed).kind for seed in (1, 2, 77)}, {"fails"})


def sighting_of(body, without_gil=False):
    """Of a workload whose first operation is `body`."""
    driver = "import faulthandler, os, threading\n\ndef operation_a():\n    %s\n\ndef operation_b():\n    pass\n" % body
    return look(Workload("workload", driver, processes=2, seconds=0.1, without_gil=without_gil))


class Sightings(unittest.TestCase):
    def test_a_crash_fails_at_once_and_shows_where(self):
        sighting = sighting_of("faulthandler._sigsegv()")
        self.assertEqual((sighting.kind, sighting.processes), ("fails", 1))
        self.assertIn("SIGSEGV", sighting.reason)
        self.assertIn("operation_a", sighting.reason)

    def test_nothing_seen_takes_all_processes(self):
        sighting = sighting_of("pass")
        self.assertEqual((sighting.kind, sighting.processes), ("not-seen", 2), sighting.reason)

    def test_a_report_of_a_sanitizer_fails(self):
        self.assertEqual(sighting_of("os.write(2, b'==1==ERROR: AddressSanitizer: heap-use-after-free'); os._exit(1)").kind, "fails")

    def test_what_ends_or_refuses_otherwise_is_never_a_pass(self):
        self.assertIn("exit status 3", sighting_of("os._exit(3)").reason)
        for body in ("os._exit(3)", "os.kill(os.getpid(), 9)", "pass\n\nimport nothing_like_this"):
            self.assertEqual(sighting_of(body).kind, "inconclusive", body)

    @unittest.skipIf(sysconfig.get_config_var("Py_GIL_DISABLED"), "about interpreters with a GIL")
    def test_an_interpreter_that_cannot_show_it_is_unsuited(self):
        self.assertEqual(sighting_of("faulthandler._sigsegv()", without_gil=True).kind, "unsuited")


class Schedules(unittest.TestCase):
    def test_one_preemption_stops_everywhere_once(self):
        self.assertEqual(list(one_preemption([3, 1])), [[[0, 2], [1, None], [0, None]], [[0, 3], [1, None], [0, None]]])
        self.assertEqual(len(list(one_preemption([3, 4]))), 2 + 3)

    def test_random_ones_are_the_same_every_time_and_end_all_threads(self):
        first = list(random_schedules([5, 6, 7], 50, 1))
        self.assertEqual(first, list(random_schedules([5, 6, 7], 50, 1)))
        self.assertNotEqual(first, list(random_schedules([5, 6, 7], 50, 2)))
        for schedule in first:
            self.assertEqual(sorted(thread for thread, until in schedule if until is None), [0, 1, 2])

    def test_serial_ones(self):
        self.assertEqual(serial_schedules(2), [[[0, None], [1, None]], [[1, None], [0, None]]])


@unittest.skipIf(importlib.util.find_spec("pytest") is None, "pytest is not installed for this interpreter")
class InPytest(unittest.TestCase):
    TEST = "def test_race(raceproof):\n    raceproof.guard(driver=%r, instrument=['guarded_subject'], plan=%r, failure='a lost update')\n" % (DRIVER, PLAN)

    def run_pytest(self, body, *options, test_text=TEST):
        with Subject(body) as folder:
            with open(os.path.join(folder, "test_race.py"), "w", encoding="utf-8") as test:
                test.write(test_text)
            paths = [folder, PLUGIN, AGENT] + [entry for entry in sys.path if entry]
            environment = dict(os.environ, PYTHONPATH=os.pathsep.join(paths), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
            command = [sys.executable, "-m", "pytest", "-p", "pytest_raceproof.plugin", "-p", "no:cacheprovider", "-q", "test_race.py"]
            return subprocess.run(command + list(options), cwd=folder, env=environment, stdout=subprocess.PIPE, universal_newlines=True)

    def test_endings(self):
        racy, fixed, moved = self.run_pytest(RACY), self.run_pytest(LOCKED), self.run_pytest(MOVED)
        self.assertEqual((racy.returncode, fixed.returncode, moved.returncode), (1, 0, 0), racy.stdout + fixed.stdout + moved.stdout)
        self.assertIn("the race is there", racy.stdout)
        self.assertIn("1 passed", fixed.stdout)
        self.assertIn("1 xfailed", moved.stdout)
        self.assertIn("raceproof: stale guards", moved.stdout)
        self.assertIn("the source no longer has", moved.stdout)

    def test_stale_guards_can_be_made_to_fail(self):
        self.assertEqual(self.run_pytest(MOVED, "--raceproof-stale=fail").returncode, 1)

    def test_a_parallel_guard_says_that_it_passed_by_chance_and_can_be_left_out(self):
        call = "driver=DRIVER, failure='', caught=(3, 20), processes=1, seconds=0.1, without_gil=False"
        text = "DRIVER = 'def operation_a(): pass\\ndef operation_b(): pass'\ndef test_race(raceproof_parallel):\n    raceproof_parallel(%s)\n" % call
        run = self.run_pytest(RACY, test_text=text)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("test_race: it caught its race in 3 of 20 runs", run.stdout)
        self.assertIn("1 deselected", self.run_pytest(RACY, "-m", "not raceproof_probabilistic", test_text=text).stdout)


class Program(unittest.TestCase):
    def test_runs_without_pytest(self):
        text = "DRIVER = %r\nPLAN = %r\nINSTRUMENT = ['guarded_subject']\nFAILURE = ''\n" % (textwrap.dedent(DRIVER), PLAN)
        codes = []
        for body in (RACY, LOCKED, MOVED):
            with Subject(body) as folder:
                path = os.path.join(folder, "guard_file.py")
                with open(path, "w", encoding="utf-8") as guard:
                    guard.write(text)
                environment = dict(os.environ, PYTHONPATH=os.pathsep.join([folder, PLUGIN, AGENT]))
                run = subprocess.run([sys.executable, "-m", "pytest_raceproof", path], env=environment, stdout=subprocess.PIPE)
                codes.append(run.returncode)
        self.assertEqual(codes, [1, 0, 3])


if __name__ == "__main__":
    unittest.main()
