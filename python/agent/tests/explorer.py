"""A tiny explorer for the tests: starts agents, enumerates schedules, checks every message against the schema.

Enters: driver texts.  Leaves: outcomes.  Stands in for the TypeScript explorer; shares only the protocol with it.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile

from schema_check import check_message

HERE = os.path.dirname(os.path.abspath(__file__))
AGENT = os.path.join(os.path.dirname(HERE), "raceproof_agent")


class Refused(Exception):
    """The agent answered with an error."""

    def __init__(self, error):
        super().__init__("%(kind)s: %(message)s" % error)
        self.kind = error["kind"]
        self.message = error["message"]


class Died(Exception):
    """The agent's process ended without an answer."""

    def __init__(self, status, progress, stderr):
        super().__init__("status %s at execution %s" % (status, progress))
        self.status = status
        self.progress = progress
        self.stderr = stderr


class Agent:
    """One agent process."""

    def __init__(self, arguments=()):
        request_end, self._requests = os.pipe()
        self._replies, reply_end = os.pipe()
        descriptor, self._progress_file = tempfile.mkstemp()
        os.close(descriptor)
        self._stderr = tempfile.TemporaryFile()
        self._folder = tempfile.TemporaryDirectory()
        command = [sys.executable, "-s", "-B", AGENT, "--requests-fd", str(request_end), "--replies-fd", str(reply_end)]
        command += ["--progress-file", self._progress_file] + list(arguments)
        self._process = subprocess.Popen(
            command,
            pass_fds=(request_end, reply_end),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            cwd=self._folder.name,
            env=dict(os.environ, PYTHONHASHSEED="0"),
        )
        os.close(request_end)
        os.close(reply_end)
        self._pending = b""
        self._number = 0

    def close(self):
        """End the process and remove its files."""
        os.close(self._requests)
        self._process.wait(60)
        os.close(self._replies)
        self._stderr.close()
        os.unlink(self._progress_file)
        self._folder.cleanup()

    def ask(self, command, **fields):
        """One request; returns the reply."""
        self._number += 1
        request = dict({"id": self._number, "command": command}, **fields)
        check_message(command + ".request", request)
        os.write(self._requests, json.dumps(request).encode() + b"\n")
        reply = self._read_reply()
        if not reply["ok"]:
            check_message("refusal", reply)
            raise Refused(reply["error"])
        check_message(command + ".reply", reply)
        assert reply["id"] == self._number, reply
        return reply

    def send_line(self, line):
        """Raw bytes instead of a request; returns the reply unchecked."""
        os.write(self._requests, line + b"\n")
        return self._read_reply()

    def _read_reply(self):
        while b"\n" not in self._pending:
            received = os.read(self._replies, 1 << 16)
            if not received:
                status = self._process.wait(60)
                self._stderr.seek(0)
                raise Died(status, self.progress(), self._stderr.read().decode("utf-8", "replace"))
            self._pending += received
        line, _, self._pending = self._pending.partition(b"\n")
        return json.loads(line.decode("utf-8"))

    def progress(self):
        """The number in the progress file; None when idle."""
        with open(self._progress_file, "rb") as stream:
            number = int.from_bytes(stream.read(8), "little")
        return None if number == (1 << 64) - 1 else number

    def open(self, source, instrument=(), paths=(), model=None):
        """Load a driver."""
        fields = {"paths": list(paths), "instrument": list(instrument), "driver": {"name": "test", "source": source}}
        return self.ask("open", **(fields if model is None else dict(fields, model=model)))


class Study:
    """A driver with its serial outcomes and profile."""

    def __init__(self, agent, source, instrument=(), paths=(), model=None):
        self.agent = agent
        self.opened = agent.open(source, instrument, paths, model)
        self.serial = agent.ask("serial", repeats=2, warmups=1)
        self.accepted = [outcome["id"] for outcome in self.serial["outcomes"]]
        self.profile = agent.ask("profile")
        self.conflicts = [site["key"] for site in self.profile["sites"] if site["conflict"]]
        self.outcomes = {outcome["id"]: outcome for outcome in self.serial["outcomes"]}

    def explore(self, schedules, stop=False, sites=None, **fields):
        """Run schedules; remembers the outcomes."""
        chosen = self.conflicts if sites is None else sites
        reply = self.agent.ask("explore", sites=chosen, schedules=schedules, accept=self.accepted, stop=stop, **fields)
        self.outcomes.update((outcome["id"], outcome) for outcome in reply["new"])
        return reply

    def lengths(self, sites=None):
        """Largest number of active accesses per thread, over both serial orders of whole threads."""
        count = len(self.opened["driver"]["threads"])
        orders = [[[thread, None] for thread in order] for order in itertools.permutations(range(count))]
        return self.explore(orders, sites=sites)["lengths"][:count]

    def bound_one(self, sites=None):
        """Every schedule with one preemption."""
        lengths = self.lengths(sites)
        count = len(lengths)
        schedules = []
        for first, second in itertools.permutations(range(count), 2):
            rest = [[thread, None] for thread in range(count) if thread not in (first, second)]
            for until in range(1, lengths[first] + 1):
                schedules.append([[first, until], [second, None], [first, None]] + rest)
        return schedules

    def bound_two(self, sites=None):
        """Every schedule of two threads with two preemptions."""
        lengths = self.lengths(sites)
        schedules = []
        for first, second in ((0, 1), (1, 0)):
            for one in range(1, lengths[first] + 1):
                for other in range(1, lengths[second] + 1):
                    schedules.append([[first, one], [second, other], [first, None], [second, None]])
                for other in range(one + 1, lengths[first] + 1):
                    schedules.append([[first, one], [second, None], [first, other], [second, None], [first, None]])
        return schedules

    def strange(self, schedules, sites=None):
        """[(schedule, outcome)] of the schedules whose outcome no serial order gives."""
        found = []
        waiting = list(schedules)
        while waiting:
            reply = self.explore(waiting, stop=True, sites=sites)
            if reply["first"] is None:
                break
            index = reply["first"]["index"]
            found.append((waiting[index], self.outcomes[reply["first"]["outcome"]]))
            waiting = waiting[index + 1 :]
        return found

    def first_strange(self, sites=None):
        """The first non-serial outcome with one preemption: (schedule, outcome), or None."""
        schedules = self.bound_one(sites)
        reply = self.explore(schedules, stop=True, sites=sites)
        if reply["first"] is None:
            return None
        return schedules[reply["first"]["index"]], self.outcomes[reply["first"]["outcome"]]

    def replay(self, schedule, times=200, sites=None):
        """Name a schedule and replay it: (plan, named outcome, reply)."""
        chosen = self.conflicts if sites is None else sites
        named = self.agent.ask("name", sites=chosen, schedule=schedule)
        return named["plan"], named["outcome"], self.agent.ask("replay", plan=named["plan"], times=times)


def results(outcome):
    """Values and exception names of an outcome, per thread."""
    return [[result.get("value", result.get("exception")) for result in thread["operations"]] for thread in outcome["threads"]]
