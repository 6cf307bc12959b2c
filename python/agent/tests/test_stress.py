"""Stress processes: real threads, judged by serial orders of the same process."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START = "import sys; sys.path[0] = sys.argv.pop(1); import runpy; runpy.run_module('raceproof_agent.stress', run_name='__main__', alter_sys=True)"

# Both threads have loaded before one stores: the meeting makes the race certain, and a serial order goes on alone.
CERTAIN = """
    import threading

    class State:
        pass

    def setup():
        state = State()
        state.number = 0
        state.meeting = threading.Barrier(2)
        return state

    def operation_a(state):
        seen = state.number
        try:
            state.meeting.wait(0.2)
        except threading.BrokenBarrierError:
            pass
        state.number = seen + 1

    def operation_b(state):
        operation_a(state)

    def observe(state):
        return state.number
"""
LOCKED = """
    import threading

    def setup():
        return [threading.Lock(), 0]

    def operation_a(state):
        with state[0]:
            state[1] += 1

    def operation_b(state):
        operation_a(state)

    def observe(state):
        return state[1]
"""
# The number of plays shows, but not at first: the same for a while, then another.
DRIFTING = """
    import sys

    def setup():
        return []

    def operation_a(state):
        pass

    def operation_b(state):
        pass

    def observe(state):
        sys.plays = getattr(sys, "plays", 0) + 1
        return sys.plays // 20
"""
TIMES = """
    import time

    def setup():
        return {}

    def operation_a(state):
        state.clear()
        state["a"] = [time.monotonic_ns()]

    def operation_b(state):
        state.clear()
        state["b"] = [time.monotonic_ns()]

    def observe(state):
        return state
"""
LOGGED = """
    LOG = []

    def operation_a():
        LOG.append("a")

    def operation_b():
        LOG.append("b")

    def operation_c():
        LOG.append("c")
"""
WINNER = """
    def setup():
        return {}

    def operation_a(state):
        return state.setdefault("winner", "a")

    def operation_b(state):
        return state.setdefault("winner", "b")

    def operation_c(state):
        return state.setdefault("winner", "c")
"""


def stress(source, arm="race", meanwhile=lambda process: None, **fields):
    """(reply or None, status, stderr) of one process; `meanwhile` is called when it has begun to play."""
    request = {
        "paths": [],
        "instrument": [],
        "driver": {"name": "test", "source": textwrap.dedent(source)},
        "arm": arm,
        "seconds": 0.1,
        "switchInterval": None,
        "killAfter": 60,
    }
    request.update(fields)
    requests_end, requests = os.pipe()
    replies, replies_end = os.pipe()
    os.write(requests, json.dumps(request).encode() + b"\n")
    os.close(requests)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-s", "-B", "-X", "faulthandler", "-c", START, FOLDER]
        command += ["--requests-fd", str(requests_end), "--replies-fd", str(replies_end)]
        child = subprocess.Popen(command, cwd=folder, pass_fds=(requests_end, replies_end), stderr=subprocess.PIPE)
        os.close(requests_end)
        os.close(replies_end)
        with os.fdopen(replies, "rb") as stream:
            text = stream.readline()
            meanwhile(child.pid)
            text += stream.read()
        stderr = child.communicate()[1].decode("utf-8", "replace")
    answers = [line for line in map(json.loads, text.splitlines()) if "begun" not in line]
    return answers[0] if answers else None, child.returncode, stderr


class StressTests(unittest.TestCase):
    """One process each."""

    def test_finds_a_lost_update(self):
        reply, _, _ = stress(CERTAIN)
        self.assertEqual([failure["summary"] for failure in reply["failures"]], ["a final state that no serial order gives"])

    def test_controls_of_the_same_driver_pass(self):
        for arm in ("one thread", "other object"):
            reply, _, _ = stress(CERTAIN, arm)
            self.assertEqual((arm, reply["ok"], reply["failures"]), (arm, True, []))

    def test_a_correct_driver_passes_at_a_short_switch_interval(self):
        reply, _, _ = stress(LOCKED, switchInterval=1e-6)
        self.assertEqual(reply["failures"], [])
        self.assertGreater(reply["rounds"], 1)

    def test_what_one_thread_comes_to_leave_later_is_learned(self):
        for arm in ("one thread", "race"):
            for seconds in (0.5, 2, 8, 32):
                reply, _, _ = stress(DRIFTING, arm, seconds=seconds)
                self.assertEqual((arm, reply["failures"]), (arm, []))
                if reply["rounds"] > 40:  # further than the states that were learned at first
                    break
            self.assertGreater(reply["rounds"], 40)

    def test_a_race_shows_beside_what_drifts(self):
        drifting = CERTAIN.replace("return state.number", "import sys\n        sys.plays = getattr(sys, 'plays', 0) + 1\n        return [state.number, sys.plays // 4]")
        reply, _, _ = stress(drifting, seconds=0.5)
        self.assertEqual([failure["summary"] for failure in reply["failures"]], ["a final state that no serial order gives"])
        self.assertEqual(stress(drifting, "one thread", seconds=0.5)[0]["failures"], [])

    def test_times_that_only_one_order_leaves_are_masked(self):
        reply, _, _ = stress(TIMES, "one thread")
        self.assertEqual(reply["failures"], [])

    def test_global_containers_are_compared_as_each_order_left_them(self):
        reply, _, _ = stress(LOGGED, "one thread")
        self.assertEqual((reply["failures"], reply["judged"]["results"]), ([], True))

    def test_who_wins_is_not_judged(self):
        reply, _, _ = stress(WINNER, switchInterval=1e-6, seconds=0.4)
        self.assertEqual(reply["failures"], [])

    def test_an_exception_is_named_by_type_and_place(self):
        source = CERTAIN.replace("state.number = seen + 1", "if state.number != seen: raise KeyError(seen)\n        state.number = seen + 1")
        reply, _, _ = stress(source)
        self.assertEqual([failure["summary"] for failure in reply["failures"]], ["KeyError@raceproof_driver:operation_a"])
        self.assertEqual(reply["failures"][0]["workers"], 1)

    def test_threads_that_wait_for_each_other_are_a_failure_with_stacks(self):
        source = """
            import threading

            def setup():
                return threading.Lock(), threading.Lock(), threading.Barrier(2)

            def take(meeting, first, second):
                with first:
                    try:
                        meeting.wait(0.2)
                    except threading.BrokenBarrierError:
                        pass
                    with second:
                        pass

            def operation_a(state):
                take(state[2], state[0], state[1])

            def operation_b(state):
                take(state[2], state[1], state[0])
        """
        reply, _, stderr = stress(source, patience=1.0)
        self.assertEqual([failure["kind"] for failure in reply["failures"]], ["timeout"])
        self.assertIn("most recent call first", stderr)

    def test_a_process_that_stood_still_did_not_hang(self):
        source = """
            import threading

            def operation_a():
                threading.Event().wait(0.2)

            def operation_b():
                pass
        """

        def stop(process):
            time.sleep(0.1)
            os.kill(process, signal.SIGSTOP)
            time.sleep(1.5)
            os.kill(process, signal.SIGCONT)

        reply, _, _ = stress(source, patience=1.0, meanwhile=stop)
        self.assertEqual(reply["failures"], [])

    def test_an_outcome_says_what_was_seen(self):
        reply, _, _ = stress(CERTAIN)
        self.assertEqual(len(reply["failures"]), 1)
        self.assertRegex(reply["failures"][0]["message"], r"^state: #\d+\[1\]; serial orders give #\d+\[2\]$")

    def test_a_crash_leaves_a_signal_and_a_stack(self):
        source = """
            import faulthandler

            def operation_a():
                faulthandler._sigsegv()

            def operation_b():
                pass
        """
        reply, status, stderr = stress(source)
        self.assertIsNone(reply)
        self.assertLess(status, 0)
        self.assertIn("operation_a", stderr)

    def test_what_cannot_be_run_is_refused(self):
        for source, kind in (("import no_such_module_at_all", "import"), ("def operation_a(): pass", "driver")):
            reply, _, _ = stress(source)
            self.assertEqual((reply["ok"], reply["error"]["kind"]), (False, kind))

    def test_a_serial_order_that_does_not_end_is_refused(self):
        source = """
            import threading

            def operation_a():
                threading.Event().wait(30)

            def operation_b():
                pass
        """
        reply, _, _ = stress(source, "one thread", patience=0.5)
        self.assertEqual((reply["ok"], reply["error"]["kind"]), (False, "serial"))
        reply, _, _ = stress(source, patience=0.5)
        self.assertEqual([failure["kind"] for failure in reply["failures"]], ["timeout"])

    def test_the_first_round_comes_before_any_serial_order(self):
        source = """
            import sys

            def setup():
                sys._rounds = getattr(sys, "_rounds", 0) + 1
                return sys._rounds

            def operation_a(round):
                if round == 1:
                    raise KeyError

            def operation_b():
                pass

            def observe(round):
                return None
        """
        reply, _, _ = stress(source)
        self.assertEqual([failure["summary"] for failure in reply["failures"]], ["KeyError@raceproof_driver:operation_a"])
        reply, _, _ = stress(source, "one thread")
        self.assertEqual(reply["failures"], [])


if __name__ == "__main__":
    unittest.main()
